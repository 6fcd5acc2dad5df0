import { readArguments } from './config/arguments.ts';
import type { CheckSource, Layer } from './config/camera-entry.ts';
import { readContent } from './config/content.ts';
import { readEnvironment } from './config/environment.ts';
import { Faults } from './config/faults.ts';
import { readConfigFile } from './config/file.ts';
import { helpText } from './config/help.ts';
import { mergeLayers } from './config/merge.ts';
import { describeThrown } from './config/source-check.ts';
import { didYouMean } from './config/suggest.ts';
import { parseFile } from './config/syntax.ts';
import type { DetectSettings } from './settings/detect.ts';
import type { Settings } from './settings.ts';

/** What a start of the program asks for, checked and complete. */
export type Command =
  | { readonly command: 'serve'; readonly settings: Settings; readonly warnings: readonly string[] }
  | { readonly command: 'probe'; readonly source: string; readonly settings: Settings }
  | { readonly command: 'devices'; readonly settings: Settings }
  | { readonly command: 'help'; readonly text: string }
  | { readonly command: 'version' };

export interface ConfigInput {
  /** The arguments after the program's name. */
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Where `framehub.yaml` is looked for; relative paths start here. */
  readonly cwd: string;
  /** Throws SOURCE_INVALID when a text is no source. Default: everything is one. */
  readonly checkSource?: CheckSource;
}

/**
 * Reads flags, `FRAMEHUB_*` variables and framehub.yaml; the first of them that says something
 * about a setting wins. Throws USAGE_INVALID for the command line and CONFIG_INVALID for the rest,
 * with a line of message for every fault found.
 */
export async function readConfig(input: ConfigInput): Promise<Command> {
  const checkSource = input.checkSource ?? (() => undefined);
  const usage = new Faults();
  const args = readArguments(input.argv, checkSource, usage);
  usage.throwIfAny('USAGE_INVALID');
  if (args.command === 'help') return { command: 'help', text: helpText() };
  if (args.command === 'version') return { command: 'version' };

  const faults = new Faults();
  const environment = readEnvironment(input.env, checkSource, faults);
  const path = args.configPath ?? environment.configPath;
  const file = await readFile(path, input.cwd, checkSource, faults);
  const layers = [file, environment.layer, args.layer];
  const hasCamera = layers.some((layer) => layer.cameras.length > 0);
  const settings = mergeLayers(hasCamera ? layers : [...layers, demo(args.detect)], input.cwd);
  if (args.detect !== undefined && hasCamera && args.layer.cameras.length === 0) {
    faults.add(
      '--detect',
      'expected a camera on the command line as well; for others it is "detect" in framehub.yaml',
    );
  }
  checkTogether(settings, faults);
  faults.throwIfAny('CONFIG_INVALID');

  switch (args.command) {
    case 'devices':
      return { command: 'devices', settings };
    case 'probe':
      return {
        command: 'probe',
        source: probed(args.operand ?? '', settings, checkSource),
        settings,
      };
    case 'serve':
      return {
        command: 'serve',
        settings,
        warnings: [...environment.warnings, ...unseen(settings)],
      };
  }
}

/** Without a camera of its own, a server shows the footage it comes with, and what is in it. */
function demo(detect: DetectSettings = { detector: 'auto' }): Layer {
  return { values: {}, cameras: [{ id: 'demo', source: 'demo:', detect }] };
}

async function readFile(
  path: string | undefined,
  cwd: string,
  checkSource: CheckSource,
  faults: Faults,
): Promise<Layer> {
  const text = await readConfigFile(path, cwd, faults);
  const file = text === undefined ? undefined : parseFile(text, faults);
  if (file === undefined) return { values: {}, cameras: [] };
  return readContent({ file, checkSource, faults });
}

/** What is right by itself and wrong together. */
function checkTogether(settings: Settings, faults: Faults): void {
  const { adminToken, viewerToken, cameras, maxCameras } = settings;
  if (adminToken !== undefined && adminToken === viewerToken) {
    faults.add('viewerToken', 'expected another token than "adminToken", got the same');
  }
  if (cameras.length > maxCameras) {
    faults.add('cameras', `expected at most ${maxCameras} ("maxCameras"), got ${cameras.length}`);
  }
}

/** Right, and probably not what was meant. */
function unseen({ cameras }: Settings): string[] {
  return cameras
    .filter(({ record, detect }) => record === true && detect === undefined)
    .map(
      ({ id }) => `${id}: "record" is on, but without "detect" only results sent over HTTP count`,
    );
}

/** The operand of `probe`: a source, or the id of a configured camera. */
function probed(operand: string, settings: Settings, checkSource: CheckSource): string {
  const camera = settings.cameras.find(({ id }) => id === operand);
  if (camera !== undefined) return camera.source;
  const usage = new Faults();
  try {
    checkSource(operand);
  } catch (thrown) {
    const ids = settings.cameras.map(({ id }) => id);
    usage.add('probe', `${describeThrown(thrown)}${didYouMean(operand, ids)}`);
  }
  usage.throwIfAny('USAGE_INVALID');
  return operand;
}
