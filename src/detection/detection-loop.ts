import type { DetectorStatus } from '../api/detection.ts';
import { backoff } from '../camera/backoff.ts';
import type { Detector, FoundObject } from '../detector.ts';
import { FramehubError, toFramehubError } from '../errors.ts';
import type { Frame } from '../frame.ts';
import type { Channel } from '../hub/channel.ts';
import { Rate } from '../hub/rate.ts';
import type { FrameSink, Reader } from '../hub/reader.ts';
import type { Log } from '../log.ts';
import { Thinner } from '../variant/thinner.ts';

/** What the detector of a camera is called among its readers. */
const DETECTOR_READER = 'detector';

/** A detector is kept this long after the last one who wanted its results left, ms. */
const LINGER = 10_000;
/** A detector that works this long after a failure is healthy: the backoff starts anew, ms. */
const HEALTHY_AFTER = 10_000;

export interface DetectionLoopOptions {
  readonly channel: Channel;
  /** For people. */
  readonly name: string;
  /** Starts nothing. Called again after the detector was let go. */
  readonly open: () => Detector;
  readonly fps: number;
  /** The detector is given up for this picture after so long, ms. Undefined: it watches itself. */
  readonly watch?: number | undefined;
  readonly log: Log;
  /** Called with what was found, while somebody wants it. */
  readonly onFound: (frame: Frame, found: readonly FoundObject[], by: string, ms: number) => void;
}

/**
 * Gives a camera's frames to its detector while somebody wants results: one at a time, the newest,
 * no more often than asked for. To the camera it is one more reader. A failure is told, and the
 * detector asked again after a while.
 */
export class DetectionLoop implements FrameSink {
  readonly #options: DetectionLoopOptions;
  readonly #rate = new Rate();
  readonly #thinner: Thinner;
  #status: DetectorStatus = { state: 'off', since: Date.now(), reason: 'nobody wants results' };
  #reader: Reader | undefined;
  #run: AbortController | undefined;
  #detector: Detector | undefined;
  /** The detector is busy with a picture, maybe one that nobody waits for any more. */
  #busy: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  /** When it was or will be asked again after its last failure, ms since the epoch. */
  #retryAt = 0;
  #results = 0;
  #skipped = 0;
  #inferenceMs: number | undefined;

  constructor(options: DetectionLoopOptions) {
    this.#options = options;
    this.#thinner = new Thinner(options.fps);
  }

  get status(): DetectorStatus {
    return this.#status;
  }

  get results(): number {
    return this.#results;
  }

  get skipped(): number {
    return this.#skipped + (this.#reader?.report().skipped ?? 0);
  }

  get inferenceMs(): number | undefined {
    return this.#inferenceMs;
  }

  get fps(): number {
    return this.#status.state === 'running' ? this.#rate.perSecond(performance.now()) : 0;
  }

  /** How many want results. */
  demand(wanted: number): void {
    if (wanted > 0) this.#begin();
    else this.#end('nobody wants results');
  }

  /** Ends it for good. */
  async close(): Promise<void> {
    this.#end('the camera was removed');
    clearTimeout(this.#timer);
    await this.#letGo();
  }

  deliver(frame: Frame): void {
    if (this.#thinner.admits(frame.capturedAt)) {
      this.#busy = this.#look(frame).finally(() => {
        this.#busy = undefined;
        this.#next();
      });
      return;
    }
    this.#skipped += 1;
    this.#reader?.pull();
  }

  statusChanged(): void {}

  ended(): void {
    this.#reader = undefined;
    this.#end('the camera was removed');
  }

  #begin(): void {
    if (this.#run !== undefined) return;
    clearTimeout(this.#timer);
    this.#run = new AbortController();
    this.#failures = 0;
    const { channel, name } = this.#options;
    this.#setStatus({
      state: 'starting',
      since: Date.now(),
      reason: 'waiting for its first result',
    });
    this.#reader = channel.read({ kind: DETECTOR_READER, address: name }, this);
    // Else it is told when the detector is free.
    if (this.#busy === undefined) this.#reader.pull();
  }

  #end(reason: string): void {
    if (this.#run === undefined) return;
    const run = this.#run;
    this.#run = undefined;
    this.#skipped += this.#reader?.report().skipped ?? 0;
    this.#reader?.close();
    this.#reader = undefined;
    this.#setStatus({ state: 'off', since: Date.now(), reason });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#letGo(), LINGER);
    // It does not keep a program running that has nothing else to do.
    this.#timer.unref();
    run.abort(new FramehubError('DETECTOR_FAILED', `It was stopped: ${reason}.`));
  }

  async #letGo(): Promise<void> {
    const detector = this.#detector;
    this.#detector = undefined;
    try {
      await detector?.close();
    } catch (thrown) {
      this.#warn(toFramehubError(thrown, 'DETECTOR_FAILED'));
    }
  }

  /** Looks at one frame. Never rejects. */
  async #look(frame: Frame): Promise<void> {
    const run = this.#run;
    const { watch, name } = this.#options;
    // The camera does not wait for what a detector does before its first await.
    await undefined;
    if (run === undefined || run.signal.aborted) return;
    const abort = new AbortController();
    const onAbort = () => abort.abort(run.signal.reason);
    run.signal.addEventListener('abort', onAbort, { once: true });
    const startedAt = performance.now();
    const timer =
      watch === undefined
        ? undefined
        : setTimeout(() => {
            const late = new FramehubError(
              'DETECTOR_TIMEOUT',
              `The detector "${name}" gave no answer within ${watch / 1000} s.`,
            );
            if (this.#run === run) this.#fail(late);
            abort.abort(late);
          }, watch);
    try {
      const detector = this.#open();
      const found = await detector.detect(frame, abort.signal);
      if (abort.signal.aborted) return;
      this.#took(frame, found, detector.name, performance.now() - startedAt);
    } catch (thrown) {
      if (!abort.signal.aborted) this.#fail(toFramehubError(thrown, 'DETECTOR_FAILED'));
    } finally {
      clearTimeout(timer);
      run.signal.removeEventListener('abort', onAbort);
    }
  }

  #open(): Detector {
    this.#detector ??= this.#options.open();
    return this.#detector;
  }

  #took(frame: Frame, found: readonly FoundObject[], by: string, ms: number): void {
    if (Date.now() - this.#retryAt > HEALTHY_AFTER) this.#failures = 0;
    this.#options.onFound(frame, found, by, ms);
    this.#results += 1;
    this.#inferenceMs = ms;
    this.#reader?.delivered(frame, frame.data.length);
    this.#rate.tick(performance.now());
    if (this.#status.state !== 'running') {
      this.#setStatus({ state: 'running', since: Date.now(), reason: 'results are coming' });
    }
  }

  #fail(failure: FramehubError): void {
    this.#failures += 1;
    this.#retryAt = Date.now() + backoff(this.#failures);
    this.#warn(failure);
    this.#setStatus({
      state: 'retrying',
      since: Date.now(),
      reason: failure.message,
      code: failure.code,
      help: failure.help,
      attempt: this.#failures,
      nextAttemptAt: this.#retryAt,
    });
  }

  /** Asks for the next frame: now, or when the detector is to be tried again. */
  #next(): void {
    if (this.#run === undefined) return;
    if (this.#status.state !== 'retrying') {
      this.#reader?.pull();
      return;
    }
    clearTimeout(this.#timer);
    const again = () => {
      this.#setStatus({ state: 'starting', since: Date.now(), reason: 'trying again' });
      this.#reader?.pull();
    };
    this.#timer = setTimeout(again, Math.max(0, this.#retryAt - Date.now()));
  }

  #setStatus(status: DetectorStatus): void {
    this.#status = status;
  }

  #warn({ code, message }: FramehubError): void {
    const { channel, name, log } = this.#options;
    const { camera } = channel;
    log.warn({ camera, detector: name, code }, `camera ${camera}: detector: ${message}`);
  }
}
