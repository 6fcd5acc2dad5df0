import { basename } from 'node:path';
import type { Detector } from '../../../detector.ts';
import { FramehubError } from '../../../errors.ts';
import { redactSecrets } from '../../../media/redact.ts';
import { splitArguments } from '../../../media/split-arguments.ts';
import type { ChildCommand } from './answering-child.ts';
import { ChildDetector } from './child-detector.ts';

const interpreters = /^(?:python[\d.]*|node|bash|sh|ruby|perl|php|deno|bun|env|uv|run)(?:\.exe)?$/i;

export interface ExecOptions {
  /** As in a terminal, but no shell: nothing is expanded. */
  readonly command: string;
  /** How long a picture may take, ms. */
  readonly timeout: number;
  /** How long the first one may take, ms. Default 30,000. */
  readonly firstTimeout?: number;
}

/**
 * A detector in any language: a command that reads pictures from its standard input and writes a
 * line for each to its standard output (docs/guides/write-a-detector.md). Starts nothing.
 *
 * @throws DETECT_INVALID when there is no command
 */
export function execDetector({ command, ...times }: ExecOptions): Detector {
  const parsed = parseCommand(command);
  return new ChildDetector({ name: execName(command), command: parsed, ...times });
}

/** What the program is called: `detect.py` of `python3 -u /opt/detect.py --fast`. */
export function execName(command: string): string {
  const words = (splitArguments(command) ?? []).filter((word) => !word.startsWith('-'));
  const named = words.find((word) => !interpreters.test(basename(word))) ?? words[0] ?? 'exec';
  return redactSecrets(basename(named)).slice(0, 64) || 'exec';
}

function parseCommand(text: string): ChildCommand {
  const shown = redactSecrets(text);
  const words = splitArguments(text);
  const [program, ...args] = words ?? [];
  if (program !== undefined && program !== '') return { program, args, shown: `"${shown}"` };
  throw new FramehubError(
    'DETECT_INVALID',
    words === undefined
      ? `Expected a command after "exec:", but a quote is not closed in: ${shown}`
      : 'Expected a command after "exec:", but nothing came.',
  );
}
