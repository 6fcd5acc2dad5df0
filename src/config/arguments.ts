import { parseArgs } from 'node:util';
import type { DetectSettings } from '../settings/detect.ts';
import type { CheckSource, Layer } from './camera-entry.ts';
import { detectorKind } from './detect-entry.ts';
import type { Faults } from './faults.ts';
import {
  fields,
  flagOf,
  readValue,
  type SettingKey,
  settingKeys,
  type Values,
  variableOf,
} from './fields.ts';
import { readSources, subcommands } from './source-arguments.ts';
import { nearest } from './suggest.ts';
import { problemWith } from './values.ts';

/** What the command line asks for. */
export type Arguments =
  | { readonly command: 'help' }
  | { readonly command: 'version' }
  | {
      readonly command: 'serve' | 'probe' | 'devices';
      readonly configPath: string | undefined;
      readonly layer: Layer;
      /** For the cameras of the layer, which have it already, or else for the demo camera. */
      readonly detect: DetectSettings | undefined;
      /** What follows `probe`. */
      readonly operand: string | undefined;
    };

const keyOfFlag: ReadonlyMap<string, SettingKey> = new Map(
  settingKeys.flatMap((key) => {
    const flag = flagOf(key);
    return flag === undefined ? [] : [[flag, key]];
  }),
);

/** Every flag there is, without its dashes. */
const flagNames: readonly string[] = ['config', 'detect', 'help', 'version', ...keyOfFlag.keys()];

export function readArguments(
  argv: readonly string[],
  checkSource: CheckSource,
  faults: Faults,
): Arguments {
  // Not `strict`: it stops at the first fault and knows no suggestions; the tokens hold all of it.
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: {
      ...Object.fromEntries(flagNames.map((name) => [name, { type: 'string' as const }])),
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'v' },
    },
  });
  const positionals: string[] = [];
  const given = new Map<SettingKey, string[]>();
  const plain: { config?: string; detect?: string } = {};
  let asked: 'help' | 'version' | undefined;

  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    const key = keyOfFlag.get(name);
    if (name === 'help' || name === 'version') {
      asked ??= name;
    } else if (key === undefined && !isPlain(name)) {
      faults.add(rawName, `there is no such option${suggestion(name)}`);
    } else if (value === undefined || (inlineValue === false && value.startsWith('-'))) {
      faults.add(
        rawName,
        `expected ${key === undefined ? expectedAfter(name) : fields[key].expected} after it`,
      );
    } else if (key === undefined) {
      if (isPlain(name)) plain[name] = value;
    } else {
      given.set(key, [...(given.get(key) ?? []), value]);
    }
  }
  if (asked !== undefined) return { command: asked };
  if (positionals[0] === 'help') return { command: 'help' };

  const values: Partial<Values> = {};
  for (const [key, texts] of given) {
    const kind = fields[key];
    const raw = kind.list === true ? texts : texts.at(-1);
    if (!readValue(values, key, raw)) faults.add(`--${flagOf(key)}`, problemWith(kind, raw));
  }
  const { config: configPath, detect: detector } = plain;
  const read = detector === undefined ? undefined : detectorKind.read(detector);
  if (detector !== undefined && read === undefined) {
    faults.add('--detect', problemWith(detectorKind, detector));
  }
  const detect = read === undefined ? undefined : { detector: read };
  const command = subcommands.find((one) => one === positionals[0]) ?? 'serve';
  // After a mistyped flag its value stands there like a source: that would be a second, false fault.
  if (faults.any)
    return { command, configPath, layer: { values, cameras: [] }, detect, operand: undefined };
  if (command !== 'serve') checkOperands(command, positionals.slice(1), faults);
  const cameras = command === 'serve' ? readSources(positionals, checkSource, faults) : [];
  return {
    command,
    configPath,
    layer: {
      values,
      cameras: detect === undefined ? cameras : cameras.map((camera) => ({ ...camera, detect })),
    },
    detect,
    operand: command === 'serve' ? undefined : positionals[1],
  };
}

/** Flags that are no setting and take a value. */
function isPlain(name: string): name is 'config' | 'detect' {
  return name === 'config' || name === 'detect';
}

function expectedAfter(name: string): string {
  return name === 'detect' ? detectorKind.expected : 'a path';
}

function suggestion(flag: string): string {
  const key = settingKeys.find(
    (one) => flagOf(one) === undefined && variableOf(one) === asVariable(flag),
  );
  if (key === undefined) {
    const near = nearest(flag, flagNames);
    return near === undefined ? '' : `; did you mean --${near}?`;
  }
  return `: every user of this machine could read it; use ${variableOf(key)} or framehub.yaml`;
}

function asVariable(flag: string): string {
  return `FRAMEHUB_${flag.replaceAll('-', '_').toUpperCase()}`;
}

function checkOperands(command: 'probe' | 'devices', operands: string[], faults: Faults): void {
  const expected = command === 'probe' ? 1 : 0;
  if (operands.length === expected) return;
  const usage = command === 'probe' ? 'framehub probe <source>' : 'framehub devices';
  const came = operands.length === 0 ? 'none' : String(operands.length);
  const what = expected === 0 ? 'nothing' : 'one source';
  faults.add(command, `expected ${what} after it ("${usage}"), got ${came}`);
}
