import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

const entry = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export interface RunningCommand {
  readonly child: ChildProcess;
  readonly pid: number;
  /** What it printed so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves with its exit code, or the name of the signal that ended it. */
  readonly exited: Promise<number | string>;
}

interface RunOptions {
  /** Added to the environment of this process. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** The built command as a process of its own. */
export function runCommand(argv: readonly string[], options: RunOptions = {}): RunningCommand {
  if (!existsSync(entry)) throw new Error('The command is not built; run "npm run build" first.');
  return runProgram(process.execPath, [entry, ...argv], options);
}

/** Any program; what it prints is kept. */
export function runProgram(
  program: string,
  argv: readonly string[],
  options: RunOptions = {},
): RunningCommand {
  const child = spawn(program, argv, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const exited = new Promise<number | string>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  return {
    child,
    pid: child.pid ?? 0,
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
    exited,
  };
}

/** The address the command printed when it was ready. */
export async function addressOf(command: RunningCommand): Promise<{ url: string; port: number }> {
  const url = await until(
    'the address',
    () =>
      /framehub is running: (http:\S+)/.exec(command.stdout)?.[1] ??
      (command.stderr ? Promise.reject(new Error(command.stderr)) : undefined),
    20_000,
  );
  return { url, port: Number(new URL(url).port) };
}

/** CPU time a process has used, ms (Linux; a clock tick is 10 ms). */
export async function cpuTime(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Processes that descend from this one (Linux). */
export async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const children = text.split(' ').filter(Boolean).map(Number);
  const below = await Promise.all(children.map((child) => childrenOf(child).catch(() => [])));
  return [...children, ...below.flat()];
}

/** Whether a process is there and no zombie. */
export async function isRunning(pid: number): Promise<boolean> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return !/\) Z /.test(stat);
  } catch {
    return false;
  }
}
