import { FramehubError } from '../../errors.ts';
import { runChild } from '../../media/child-process.ts';
import { redactSecrets } from '../../media/redact.ts';

/** How long FFmpeg may take to answer a question, ms. */
const ANSWER_TIMEOUT = 10_000;

/** The longest answer that is read; a long list of devices and formats has some 20 KB. */
const ANSWER_BYTES = 256 * 1024;

/** `major.minor`; undefined for a build between two releases, which is taken as the newest. */
export type FfmpegVersion = { readonly major: number; readonly minor: number } | undefined;

export interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The FFmpeg program of this machine. Remembers its version once it was asked. */
export class Ffmpeg {
  readonly program: string;
  #version: { readonly value: FfmpegVersion } | undefined;

  constructor(program: string) {
    this.program = program;
  }

  /** @throws FramehubError FFMPEG_MISSING */
  async version(signal: AbortSignal): Promise<FfmpegVersion> {
    if (this.#version === undefined) {
      const { stdout } = await this.ask(['-version'], signal);
      if (signal.aborted) return undefined;
      this.#version = { value: parseVersion(stdout) };
    }
    return this.#version.value;
  }

  /**
   * Runs it to its end. Answers nothing when aborted.
   *
   * @throws FramehubError FFMPEG_MISSING; FFMPEG_FAILED when it doesn't end by itself.
   */
  async ask(args: readonly string[], signal: AbortSignal): Promise<Answer> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), ANSWER_TIMEOUT);
    let stdout = '';
    try {
      const { code, stderr } = await runChild(this.program, args, {
        signal: AbortSignal.any([signal, late.signal]),
        stderrBytes: ANSWER_BYTES,
        onOutput: (chunk) => {
          stdout = (stdout + chunk.toString()).slice(0, ANSWER_BYTES);
        },
      });
      if (signal.aborted) return { code: null, stdout: '', stderr: '' };
      if (late.signal.aborted) throw this.#noAnswer(args);
      return { code, stdout, stderr };
    } catch (error) {
      if (signal.aborted) return { code: null, stdout: '', stderr: '' };
      throw startFailure(error, this.program);
    } finally {
      clearTimeout(timer);
    }
  }

  #noAnswer(args: readonly string[]): FramehubError {
    return new FramehubError(
      'FFMPEG_FAILED',
      `Expected an answer from "${this.program} ${args.join(' ')}", but none came within ${ANSWER_TIMEOUT / 1000} s.`,
      { help: 'A camera that hangs does this: unplug it and plug it in again.' },
    );
  }
}

/** What prevented FFmpeg from running, as an error a person can act on. */
export function startFailure(thrown: unknown, program: string): FramehubError {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (code === 'ENOENT') {
    return new FramehubError(
      'FFMPEG_MISSING',
      `Expected the program "${program}", but it is not installed.`,
      { cause: thrown },
    );
  }
  if (code === 'EACCES' || code === 'ENOEXEC') {
    return new FramehubError(
      'FFMPEG_MISSING',
      `Expected a program at "${program}", but it can not be run (${code}).`,
      { cause: thrown },
    );
  }
  if (thrown instanceof FramehubError) return thrown;
  // Without its cause: that may quote the arguments, secrets included.
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new FramehubError('FFMPEG_FAILED', `FFmpeg did not start: ${redactSecrets(message)}`);
}

/** Reads `ffmpeg version 5.1.9-0+deb12u1 …`, `n6.0`; builds of a day are called `N-12345-…` or by date. */
export function parseVersion(text: string): FfmpegVersion {
  const [, major, minor] = /^ffmpeg version n?(\d{1,2})\.(\d{1,2})\b/m.exec(text) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  return { major: Number(major), minor: Number(minor) };
}

/** Whether the version is at least this one. */
export function isAtLeast(version: FfmpegVersion, major: number, minor: number): boolean {
  if (version === undefined) return true;
  return version.major > major || (version.major === major && version.minor >= minor);
}
