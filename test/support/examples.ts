import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type RunningCommand, runProgram } from './command.ts';
import { until } from './until.ts';

const folder = new URL('../../examples/', import.meta.url);
/** Debian's own: a newer one on PATH has no OpenCV. */
const PYTHON = '/usr/bin/python3';

export interface RunningExample extends RunningCommand {
  /** Ends it as Ctrl-C does; resolves with its exit code, or the signal that ended it. */
  interrupt(): Promise<number | string>;
}

/** Starts a file of `examples/`; a server listens on a free port. */
export function startExample(
  file: string,
  argv: readonly string[] = [],
  cwd?: string,
): RunningExample {
  const program = file.endsWith('.py') ? PYTHON : process.execPath;
  const command = runProgram(program, [examplePath(file), ...argv], {
    env: { PORT: '0' },
    ...(cwd === undefined ? {} : { cwd }),
  });
  const interrupt = () => {
    command.child.kill('SIGINT');
    return command.exited;
  };
  // Not a copy: what it printed is read from the command when it is asked for.
  return Object.assign(command, { interrupt });
}

/** Where its cameras are, as it printed it; ends with a slash. */
export async function camerasOf(example: RunningExample): Promise<{ url: string; port: number }> {
  const url = await until(
    'the address',
    () =>
      /^Cameras: (http:\S+)$/m.exec(example.stdout)?.[1] ??
      (example.stderr ? Promise.reject(new Error(example.stderr)) : undefined),
    20_000,
  );
  return { url, port: Number(new URL(url).port) };
}

export function examplePath(file: string): string {
  return fileURLToPath(new URL(file, folder));
}

/** The names of all examples. */
export async function exampleFiles(): Promise<string[]> {
  return (await readdir(folder)).filter((file) => file !== 'README.md').sort();
}
