import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { pause } from './pace.ts';
import { Tail } from './tail.ts';

/** How long a program may take to end after it is asked to, or after it closed its output, ms. */
const GRACE = 1_000;

/** How long what a program last wrote is waited for once it has ended, ms. */
const LAST_WORDS = 200;

export interface ChildExit {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last of what it wrote to standard error. */
  readonly stderr: string;
}

export interface ChildOptions {
  /** Ends the program: SIGTERM, after a second SIGKILL, to it and all it started. */
  readonly signal: AbortSignal;
  /**
   * Called with its standard output as it comes, at once: whoever is slow has to drop some. The
   * chunk is the callee's. An error it throws ends the program.
   */
  readonly onOutput: (chunk: Buffer) => void;
  /** How much of its standard error is kept, bytes. Default 8 KB. */
  readonly stderrBytes?: number;
  /**
   * Called once with its standard input, which is then the caller's to end; a program that is not
   * to read anything gets none. Writing to one that is gone fails quietly: its end says why.
   */
  readonly onInput?: (input: Writable) => void;
}

type Child = ChildProcessByStdio<Writable | null, Readable, Readable>;

/**
 * Runs a program, without a shell, to its end. Aborting ends it. Returns, or throws, only after it
 * is really gone.
 *
 * @throws the system's error (`code` ENOENT, EACCES, …) when it can't be started, and what
 *   `onOutput` throws.
 */
export async function runChild(
  program: string,
  args: readonly string[],
  { signal, onOutput, stderrBytes = 8 * 1024, onInput }: ChildOptions,
): Promise<ChildExit> {
  const stderr = new Tail(stderrBytes);
  if (signal.aborted) return { code: null, signal: null, stderr: '' };
  const options = {
    // Its own process group, so that a signal reaches what it starts. (Windows has no such groups.)
    detached: process.platform !== 'win32',
    windowsHide: true,
  };
  const child: Child =
    onInput === undefined
      ? spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
      : spawn(program, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new AbortController();
  let hangUp: NodeJS.Timeout | undefined;
  child.once('exit', () => {
    // What it started ends with it; what left the process group could hold the pipe open for ever.
    send(child, 'SIGKILL');
    hangUp = setTimeout(() => child.stdout.destroy(), GRACE);
    ended.abort();
  });
  child.once('error', () => ended.abort());
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stderr.on('error', (error) => stderr.push(Buffer.from(`${error.message}\n`)));
  if (child.stdin !== null && onInput !== undefined) {
    // A program that reads no more is about to end, or will be ended: that is told.
    child.stdin.on('error', () => {});
    onInput(child.stdin);
  }
  const closed = new AbortController();
  child.once('close', () => closed.abort());

  const stop = stopper(child);
  let fault: { readonly thrown: unknown } | undefined;
  child.stdout.on('data', (chunk: Buffer) => {
    try {
      if (fault === undefined) onOutput(chunk);
    } catch (thrown) {
      fault = { thrown };
      stop.now();
    }
  });
  signal.addEventListener('abort', stop.now, { once: true });
  try {
    await once(child, 'spawn');
    try {
      await finished(child.stdout);
    } catch (error) {
      // So it ends when the pipe is closed from here.
      if (codeOf(error) !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
    }
    if (!stop.stopping()) await pause(GRACE, ended.signal);
    if (!ended.signal.aborted) stop.now();
    await whenAborted(ended.signal);
    await pause(LAST_WORDS, closed.signal);
    if (fault !== undefined) throw fault.thrown;
    return { code: child.exitCode, signal: child.signalCode, stderr: stderr.text() };
  } finally {
    signal.removeEventListener('abort', stop.now);
    if (!ended.signal.aborted) stop.now();
    await whenAborted(ended.signal);
    stop.done();
    clearTimeout(hangUp);
    child.stdin?.destroy();
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

function stopper(child: Child) {
  let killer: NodeJS.Timeout | undefined;
  return {
    now: (): void => {
      if (killer !== undefined) return;
      // A program that waits to write would not see the signal.
      child.stdout.destroy();
      send(child, 'SIGTERM');
      // A stopped program must run to hear it.
      send(child, 'SIGCONT');
      killer = setTimeout(() => send(child, 'SIGKILL'), GRACE);
    },
    stopping: (): boolean => killer !== undefined,
    done: (): void => clearTimeout(killer),
  };
}

/** Signals the process group. On Windows, where there is none, the program alone, and it just ends. */
function send(child: Child, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    if (signal !== 'SIGCONT') child.kill(signal);
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // Nobody is left in the group: what was wanted. (EPERM is what macOS says of zombies.)
    if (!['ESRCH', 'EPERM'].includes(codeOf(error))) throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

async function whenAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
