import type { Detector, FoundObject } from '../../../detector.ts';
import { FramehubError, toFramehubError } from '../../../errors.ts';
import type { Frame } from '../../../frame.ts';
import { AnsweringChild, type ChildCommand } from './answering-child.ts';
import { questionOf, readAnswer } from './exec-protocol.ts';

/** What a program loads first may take so long, ms: Python with a neural network takes 20 s on a small machine. */
const FIRST_TIMEOUT = 30_000;

export interface ChildDetectorOptions {
  readonly name: string;
  readonly command: ChildCommand;
  /** How long a picture may take, ms. */
  readonly timeout: number;
  /** How long the first one may take, with all there is to load, ms. Default 30,000. */
  readonly firstTimeout?: number;
  /** Puts what ended the program, maybe with an exit code, in better words. */
  readonly explain?: (failure: FramehubError, exitCode: number | undefined) => FramehubError;
}

/**
 * A detector that is a program of its own. Started with the first picture, and again with the next
 * one after it failed. It has one picture at a time; those of other cameras wait their turn, one of
 * each.
 */
export class ChildDetector implements Detector {
  readonly name: string;
  readonly #options: ChildDetectorOptions;
  #child: AnsweringChild | undefined;
  /** Settles, and never rejects, when the child is free. */
  #turn: Promise<void> = Promise.resolve();
  /** Settles when the last one that failed is gone. */
  #gone: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: ChildDetectorOptions) {
    this.name = options.name;
    this.#options = options;
  }

  async detect(frame: Frame, signal: AbortSignal): Promise<readonly FoundObject[]> {
    signal.throwIfAborted();
    const asked = this.#turn.then(() => this.#ask(frame, signal));
    this.#turn = asked.then(
      () => {},
      () => {},
    );
    return await unlessAborted(asked, signal);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#child?.close();
    await this.#turn;
    await this.#gone;
  }

  async #ask(frame: Frame, signal: AbortSignal): Promise<readonly FoundObject[]> {
    // Nobody waits for it any more: the next one may have its turn.
    signal.throwIfAborted();
    const child = await this.#start();
    const { timeout, firstTimeout = FIRST_TIMEOUT } = this.#options;
    const longest = child.answers === 0 ? Math.max(timeout, firstTimeout) : timeout;
    try {
      const line = await child.ask(questionOf(frame), longest);
      const answer = readAnswer(line, frame.seq);
      if ('found' in answer) return answer.found;
      throw new FramehubError('DETECTOR_FAILED', `${this.name} says: ${answer.error}`);
    } catch (thrown) {
      const failure = toFramehubError(thrown, 'DETECTOR_FAILED');
      // What answers nonsense once is out of step.
      if (failure.code === 'DETECTOR_INVALID') child.fail(failure);
      if (child.failure !== undefined) this.#drop(child);
      throw this.#explain(failure, child);
    }
  }

  /** @throws why it ended, when it did so between two pictures */
  async #start(): Promise<AnsweringChild> {
    const before = this.#child;
    if (before?.failure !== undefined) {
      this.#drop(before);
      throw this.#explain(before.failure, before);
    }
    // Never two at a time: the last one may hold a device.
    await this.#gone;
    if (this.#closed) throw new FramehubError('DETECTOR_FAILED', `${this.name} was closed.`);
    this.#child ??= new AnsweringChild(this.#options.command);
    return this.#child;
  }

  #explain(failure: FramehubError, child: AnsweringChild): FramehubError {
    return this.#options.explain?.(failure, child.exitCode) ?? failure;
  }

  #drop(child: AnsweringChild): void {
    this.#child = undefined;
    this.#gone = child.close();
  }
}

/** The promise, or the signal's reason as soon as it aborts. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
