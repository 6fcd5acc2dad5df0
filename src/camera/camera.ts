import type { CameraStatus } from '../api/camera-status.ts';
import type { FramehubError } from '../errors.ts';
import type { CameraId } from '../frame.ts';
import type { Channel } from '../hub/channel.ts';
import type { Hub } from '../hub/hub.ts';
import { FaultLog, type Log } from '../log.ts';
import type { CameraTimes } from '../settings.ts';
import type { Source } from '../source.ts';
import { backoff } from './backoff.ts';
import { type Picture, runSource } from './run-source.ts';

/** A source that ran this long was healthy: the next failure starts the backoff anew, ms. */
const HEALTHY_AFTER = 60_000;

export interface CameraOptions extends CameraTimes {
  readonly id: CameraId;
  readonly name: string;
  readonly source: Source;
  readonly log: Log;
}

interface Run {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

/**
 * Keeps one source running while someone reads it: starts it for the first reader, starts it again
 * when it fails or falls silent, and stops it when the last reader has been gone for a while.
 */
export class Camera {
  readonly id: CameraId;
  readonly channel: Channel;
  readonly #hub: Hub;
  readonly #log: Log;
  readonly #badPictures: FaultLog;
  #source: Source;
  #times: CameraTimes;
  #run: Run | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #stopped = false;
  #closed = false;
  #starts = 0;
  #rejected = 0;

  /** @throws CAMERA_EXISTS */
  constructor(hub: Hub, options: CameraOptions) {
    this.id = options.id;
    this.#hub = hub;
    this.#log = options.log;
    this.#badPictures = new FaultLog(options.log, 'picture left out');
    this.#source = options.source;
    this.#times = options;
    this.channel = hub.open(options.id, options.name, (readers) => this.#demandChanged(readers));
  }

  get status(): CameraStatus {
    return this.channel.status;
  }

  get source(): Source {
    return this.#source;
  }

  get times(): CameraTimes {
    const { idleTimeout, stallTimeout, startTimeout } = this.#times;
    return { idleTimeout, stallTimeout, startTimeout };
  }

  /** How often the source was started. */
  get starts(): number {
    return this.#starts;
  }

  /** Pictures left out because they were no whole JPEG. */
  get rejected(): number {
    return this.#rejected;
  }

  /** Takes new times; the running source keeps those it started with, except the idle time. */
  setTimes(times: CameraTimes): void {
    this.#times = times;
    this.#demandChanged(this.channel.readers.size);
  }

  /** Takes a new source; a running one is ended first. Readers stay. */
  async setSource(source: Source): Promise<void> {
    this.#source = source;
    const run = this.#run;
    run?.abort.abort();
    await run?.ended;
  }

  /** Turns the camera off until `start`; readers stay and see why. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#idleTimer);
    const ended = this.#end('it was stopped');
    if (ended === undefined) this.#setOff('it was stopped');
    await ended;
  }

  /** Lets the camera run again, which it does when someone reads it. */
  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#setOff('nobody watches');
    this.#demandChanged(this.channel.readers.size);
  }

  /** Ends the source and every reader. */
  async close(reason: FramehubError): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idleTimer);
    const ended = this.#end('the camera was removed');
    this.#hub.close(this.id, reason);
    await ended;
  }

  #demandChanged(readers: number): void {
    clearTimeout(this.#idleTimer);
    if (this.#closed || this.#stopped) return;
    if (readers > 0) {
      this.#begin();
      return;
    }
    const { idleTimeout } = this.#times;
    if (this.#run === undefined || idleTimeout === false) return;
    if (idleTimeout === 0) this.#end('nobody watches');
    else this.#idleTimer = setTimeout(() => this.#end('nobody watches'), idleTimeout);
  }

  #begin(): void {
    // A run that is ending begins the next one itself, so that two never overlap.
    if (this.#run !== undefined) return;
    const abort = new AbortController();
    const ended = this.#supervise(abort.signal).finally(() => {
      this.#run = undefined;
      const wanted = this.channel.readers.size > 0 && !this.#closed && !this.#stopped;
      if (wanted) this.#begin();
    });
    this.#run = { abort, ended };
  }

  #end(reason: string): Promise<void> | undefined {
    const run = this.#run;
    if (run === undefined) return undefined;
    if (!run.abort.signal.aborted) {
      run.abort.abort();
      this.#setOff(reason);
    }
    return run.ended;
  }

  #setOff(reason: string): void {
    this.channel.setStatus({ state: 'off', since: Date.now(), reason, stopped: this.#stopped });
  }

  /** Runs the source, again and again, until aborted. */
  async #supervise(signal: AbortSignal): Promise<void> {
    for (let failures = 0; ; ) {
      const startedAt = performance.now();
      const failure = await this.#runOnce(signal);
      if (signal.aborted || failure === undefined) return;
      failures = performance.now() - startedAt > HEALTHY_AFTER ? 1 : failures + 1;
      const wait = backoff(failures);
      this.#log.warn(
        { camera: this.id, code: failure.code, attempt: failures, wait },
        `camera ${this.id}: ${failure.message}`,
      );
      this.channel.setStatus({
        state: 'retrying',
        since: Date.now(),
        reason: failure.message,
        code: failure.code,
        help: failure.help,
        attempt: failures,
        nextAttemptAt: Date.now() + wait,
      });
      await sleep(wait, signal);
      if (signal.aborted) return;
    }
  }

  async #runOnce(signal: AbortSignal): Promise<FramehubError | undefined> {
    this.#starts += 1;
    const source = this.#source;
    const reason = source.passive ? 'waiting for pictures to be pushed' : `opening ${source.label}`;
    this.channel.setStatus({ state: 'starting', since: Date.now(), reason });
    this.#log.info({ camera: this.id, source: source.label }, `camera ${this.id}: starting`);
    return await runSource({
      source,
      firstSeq: (this.channel.latest?.seq ?? 0) + 1,
      signal,
      startTimeout: this.#times.startTimeout,
      stallTimeout: this.#times.stallTimeout,
      onPicture: (picture) => {
        if (!signal.aborted) this.#publish(picture);
      },
      onRejected: (rejection) => {
        this.#rejected += 1;
        this.#badPictures.add({ camera: this.id, code: rejection.code, reason: rejection.message });
      },
      onStall: ({ code, message }) => {
        if (signal.aborted) return;
        this.channel.setStatus({ state: 'stalled', since: Date.now(), reason: message, code });
      },
    });
  }

  #publish(picture: Picture): void {
    const { channel } = this;
    if (channel.status.state !== 'live') {
      channel.setStatus({ state: 'live', since: Date.now(), reason: 'pictures are coming' });
      this.#log.info({ camera: this.id }, `camera ${this.id}: live`);
    }
    channel.publish({
      camera: this.id,
      seq: (channel.latest?.seq ?? 0) + 1,
      codec: 'jpeg',
      keyframe: true,
      ...picture,
    });
  }
}

/** Waits, or less when aborted. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
