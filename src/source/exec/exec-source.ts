import { FramehubError } from '../../errors.ts';
import { childPictures, type PicturesExit } from '../../media/child-pictures.ts';
import { redactSecrets } from '../../media/redact.ts';
import { splitArguments } from '../../media/split-arguments.ts';
import type { Source, SourceFrame, SourceKind } from '../../source.ts';
import { OutputSplitter } from './output-splitter.ts';

/** A longer line of the command is cut here: the sentence is for people. */
const LONGEST_LINE = 300;

/**
 * `exec:rpicam-vid -t 0 --codec mjpeg -o -`: a command that writes JPEG pictures, one after the
 * other or as multipart, to its standard output. Run without a shell.
 */
export const execSource: SourceKind = {
  kind: 'exec',
  usage: 'exec:rpicam-vid -t 0 --codec mjpeg -o -',
  matches: (text) => /^exec:/i.test(text),
  isLocal: () => true,
  open(text, { maxPictureBytes }): Source {
    const command = parseCommand(text);
    return {
      kind: 'exec',
      label: redactSecrets(text),
      frames: (signal) => run(command, maxPictureBytes, signal),
    };
  },
};

interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** All of it, secrets redacted. */
  readonly shown: string;
}

function parseCommand(text: string): Command {
  const shown = redactSecrets(text.replace(/^exec:/i, '').trim());
  const words = splitArguments(text.replace(/^exec:/i, ''));
  const [program, ...args] = words ?? [];
  if (program !== undefined && program !== '') return { program, args, shown };
  throw new FramehubError(
    'SOURCE_INVALID',
    words === undefined
      ? `Expected a command after "exec:", but a quote is not closed in: ${shown}`
      : 'Expected a command after "exec:", but nothing came.',
  );
}

function run(
  command: Command,
  maxPictureBytes: number,
  signal: AbortSignal,
): AsyncGenerator<SourceFrame, void> {
  const { program, args } = command;
  const splitter = new OutputSplitter(maxPictureBytes);
  const split = (chunk: Buffer) => splitter.push(chunk);
  const broken = (thrown: unknown) => startFailure(thrown, command);
  const ended = (exit: PicturesExit) => endFailure(exit, command);
  return childPictures({ program, args, split, broken, ended }, signal);
}

function startFailure(thrown: unknown, { program }: Command): FramehubError {
  if (thrown instanceof FramehubError) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (code !== 'ENOENT' && code !== 'EACCES' && code !== 'ENOEXEC') {
    // Without its cause: that may quote the arguments, secrets included.
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new FramehubError(
      'COMMAND_FAILED',
      `The command did not start: ${redactSecrets(message)}`,
    );
  }
  const why = code === 'ENOENT' ? 'it is not there' : `it can not be run (${code})`;
  return new FramehubError(
    'COMMAND_MISSING',
    `Expected the program "${redactSecrets(program)}", but ${why}.`,
    { cause: thrown },
  );
}

function endFailure(exit: PicturesExit, { shown }: Command): FramehubError {
  const last =
    redactSecrets(exit.stderr)
      .trim()
      .split(/[\r\n]+/)
      .at(-1)
      ?.trim() ?? '';
  const says = last === '' ? 'It gave no reason.' : `It says: ${last.slice(0, LONGEST_LINE)}`;
  const expected = `Expected pictures without end from "${shown}"`;
  if (exit.signal !== null) {
    return new FramehubError(
      'COMMAND_FAILED',
      `${expected}, but it was ended by the signal ${exit.signal}. ${says}`,
    );
  }
  if (exit.code !== 0) {
    return new FramehubError(
      'COMMAND_FAILED',
      `${expected}, but it ended with exit code ${exit.code}. ${says}`,
    );
  }
  if (exit.pictures === 0) {
    return new FramehubError(
      'SOURCE_NOT_PICTURES',
      `${expected}, but it ended without one. ${says}`,
      { help: 'The command must write JPEG pictures, and nothing else, to its standard output.' },
    );
  }
  return new FramehubError('SOURCE_ENDED', `${expected}, but it ended after ${exit.pictures}.`);
}
