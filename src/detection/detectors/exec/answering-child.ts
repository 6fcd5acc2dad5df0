import type { Writable } from 'node:stream';
import { FramehubError, toFramehubError } from '../../../errors.ts';
import { type ChildExit, runChild } from '../../../media/child-process.ts';
import { redactSecrets } from '../../../media/redact.ts';
import { LineSplitter } from './line-splitter.ts';

/** A longer line is no answer, bytes: a thousand detections take less. */
const LONGEST_LINE = 256 * 1024;
/** Of what a program said last, so much is told: the sentence is for people. */
const LONGEST_REASON = 300;

export interface ChildCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** For people, secrets redacted. */
  readonly shown: string;
}

interface Question {
  resolve(line: string): void;
  reject(reason: FramehubError): void;
}

/**
 * One run of a program that is asked on its standard input and answers each question with one line
 * on its standard output. It is asked one question at a time. Once it failed it stays failed; what
 * it leaves is ended.
 */
export class AnsweringChild {
  readonly #command: ChildCommand;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  #input: Writable | undefined;
  #question: Question | undefined;
  #failure: FramehubError | undefined;
  #answers = 0;
  #exitCode: number | undefined;

  constructor(command: ChildCommand) {
    this.#command = command;
    this.#ended = this.#run();
  }

  /** Why it can't be asked any more. */
  get failure(): FramehubError | undefined {
    return this.#failure;
  }

  /** Undefined while it runs, and when a signal ended it. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  get answers(): number {
    return this.#answers;
  }

  /**
   * @param pieces written one after the other
   * @param timeout ms
   * @throws DETECTOR_FAILED, DETECTOR_TIMEOUT, DETECTOR_INVALID, COMMAND_MISSING
   */
  async ask(pieces: readonly Buffer[], timeout: number): Promise<string> {
    if (this.#failure !== undefined) throw this.#failure;
    const answer = new Promise<string>((resolve, reject) => {
      this.#question = { resolve, reject };
    });
    const timer = setTimeout(() => {
      const late = `${this.#command.shown} gave no answer within ${timeout / 1000} s.`;
      this.fail(new FramehubError('DETECTOR_TIMEOUT', late));
    }, timeout);
    try {
      for (const piece of pieces) this.#input?.write(piece);
      return await answer;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends it for this reason. */
  fail(reason: FramehubError): void {
    this.#failure ??= reason;
    const question = this.#question;
    this.#question = undefined;
    question?.reject(this.#failure);
    this.#stop.abort();
  }

  /** Ends it, and waits until it is gone. */
  async close(): Promise<void> {
    this.fail(new FramehubError('DETECTOR_FAILED', `${this.#command.shown} was stopped.`));
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { program, args } = this.#command;
    const lines = new LineSplitter(LONGEST_LINE);
    try {
      const exit = await runChild(program, args, {
        signal: this.#stop.signal,
        onInput: (input) => {
          this.#input = input;
        },
        onOutput: (chunk) => {
          for (const line of lines.push(chunk)) this.#answer(line);
        },
      });
      this.#exitCode = exit.code ?? undefined;
      this.fail(endFailure(exit, this.#command));
    } catch (thrown) {
      this.fail(startFailure(thrown, this.#command));
    }
  }

  #answer(line: string): void {
    const question = this.#question;
    if (question === undefined) {
      if (this.#failure !== undefined) return;
      throw new FramehubError(
        'DETECTOR_INVALID',
        `Expected one line for each picture from ${this.#command.shown}; got another one: ${quoted(line)}`,
      );
    }
    this.#question = undefined;
    this.#answers += 1;
    question.resolve(line);
  }
}

/** A line that came, for a message. */
export function quoted(line: string): string {
  const shown = redactSecrets(line.replaceAll(/[^\P{Cc}]/gu, ' '));
  return JSON.stringify(shown.length > 80 ? `${shown.slice(0, 79)}…` : shown);
}

function startFailure(thrown: unknown, { program }: ChildCommand): FramehubError {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (code !== 'ENOENT' && code !== 'EACCES' && code !== 'ENOEXEC') {
    return toFramehubError(thrown, 'DETECTOR_FAILED');
  }
  const why = code === 'ENOENT' ? 'it is not there' : `it can not be run (${code})`;
  return new FramehubError(
    'COMMAND_MISSING',
    `Expected the program "${redactSecrets(program)}", but ${why}.`,
    { cause: thrown },
  );
}

function endFailure(exit: ChildExit, { shown }: ChildCommand): FramehubError {
  const how = exit.signal === null ? `with exit code ${exit.code}` : `by the signal ${exit.signal}`;
  // Node.js ends what it says of an error with where it was, and its own version.
  const last =
    redactSecrets(exit.stderr)
      .split(/[\r\n]+/)
      .map((line) => line.trim())
      .findLast((line) => !/^(?:Node\.js v\d|at |\}|$)/.test(line)) ?? '';
  const says = last === '' ? 'It gave no reason.' : `It says: ${last.slice(0, LONGEST_REASON)}`;
  return new FramehubError('DETECTOR_FAILED', `${shown} ended ${how}. ${says}`);
}
