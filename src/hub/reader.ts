import type { CameraStatus } from '../api/camera-status.ts';
import type { FramehubError } from '../errors.ts';
import type { Frame } from '../frame.ts';
import { Rate } from './rate.ts';

/** Who reads, for the people who look after the server. */
export interface ReaderIdentity {
  /** How it reads: `mjpeg`, `websocket`, `snapshot`, `library`, … */
  readonly kind: string;
  /** Network address, or what else tells it from others. */
  readonly address: string;
}

/** What a reader is told. Called synchronously: none of these may block or throw. */
export interface FrameSink {
  /**
   * The newest frame, in answer to `pull`.
   *
   * @param now clock of `performance.now()`: when it was published, or pulled
   */
  deliver(frame: Frame, now: number): void;
  statusChanged(status: CameraStatus): void;
  /** The camera is gone; nothing follows. */
  ended(reason: FramehubError): void;
}

/** What a reader needs of the channel it reads. */
export interface ReadChannel {
  readonly latest: Frame | undefined;
  /** Frames published so far. */
  readonly count: number;
  /** How many of them a reader that comes now will never get. */
  countSeen(): number;
  join(reader: Reader): void;
  leave(reader: Reader): void;
}

/** How a reader is served. */
export interface ReaderNotes {
  /** In what form it gets the pictures, when not as they are. */
  readonly variant?: string;
  /** Why it gets them in this form, when framehub chose it. */
  readonly fit?: string;
  /** Unsent bytes the kernel takes for it (TCP_NOTSENT_LOWAT), where that is set. */
  readonly notSentLowat?: number;
}

/** A reader's truth, as numbers. */
export interface ReaderReport extends ReaderIdentity, ReaderNotes {
  readonly id: number;
  /** Ms since the epoch. */
  readonly since: number;
  readonly frames: number;
  readonly bytes: number;
  /** Frames per second, lately. */
  readonly fps: number;
  /** Frames that were published but never sent, because newer ones were there. */
  readonly skipped: number;
  /**
   * How old the last picture was when it was delivered, ms. All readers of a frame share the moment
   * it was published, so that of the last of a thousand is some milliseconds too low.
   */
  readonly age?: number;
}

/**
 * One reader of one camera. It asks with `pull` when it has room for a frame, and gets the newest
 * one it has not had: at once if there is one, else the moment it is published. While it has no
 * room nothing is kept for it; the frames that pass are counted.
 */
export class Reader {
  readonly id: number;
  readonly identity: ReaderIdentity;
  readonly since = Date.now();
  #channel: ReadChannel;
  readonly #sink: FrameSink;
  readonly #rate = new Rate();
  #waiting = false;
  #closed = false;
  /** How many frames its channel had published when it took its last one. */
  #lastCount: number;
  #frames = 0;
  #bytes = 0;
  #skipped = 0;
  /** Of the last frame delivered. Always a number: were it undefined at first, V8 would make an object for each. */
  #capturedAt = 0;
  #notes: ReaderNotes = {};
  #lastDelivery = performance.now();

  /** @param lastCount as many of the channel's frames are not delivered */
  constructor(
    channel: ReadChannel,
    id: number,
    identity: ReaderIdentity,
    sink: FrameSink,
    lastCount: number,
  ) {
    this.#channel = channel;
    this.id = id;
    this.identity = identity;
    this.#sink = sink;
    this.#lastCount = lastCount;
  }

  /** There is room for one frame, at `now` (`performance.now()`). */
  pull(now: number = performance.now()): void {
    if (this.#closed) return;
    this.#waiting = true;
    const latest = this.#channel.latest;
    if (latest !== undefined) this.offer(latest, now);
  }

  /** Reads the same camera in another form from now on; its counters go on. */
  moveTo(channel: ReadChannel): void {
    if (this.#closed || channel === this.#channel) return;
    const left = this.#channel;
    this.#waiting = false;
    this.#skipped += Math.max(0, left.count - this.#lastCount - 1);
    this.#channel = channel;
    this.#lastCount = channel.countSeen();
    // First in, then out: demand never falls to zero in between.
    channel.join(this);
    left.leave(this);
  }

  /** There is no room after all. */
  hold(): void {
    this.#waiting = false;
  }

  /** For the channel: a frame was published. */
  offer(frame: Frame, now: number): void {
    const { count } = this.#channel;
    if (!this.#waiting || count <= this.#lastCount) return;
    this.#waiting = false;
    this.#skipped += count - this.#lastCount - 1;
    this.#lastCount = count;
    this.#sink.deliver(frame, now);
  }

  /** For the channel. */
  tellStatus(status: CameraStatus): void {
    this.#sink.statusChanged(status);
  }

  /** For the channel. */
  end(reason: FramehubError): void {
    this.#closed = true;
    this.#waiting = false;
    this.#sink.ended(reason);
  }

  /** The reader has taken `frame`, `bytes` long as it was sent, at `now` (`performance.now()`). */
  delivered(frame: Frame, bytes: number, now: number = performance.now()): void {
    this.#frames += 1;
    this.#bytes += bytes;
    this.#capturedAt = frame.capturedAt;
    this.#lastDelivery = now;
    this.#rate.tick(now);
  }

  /** Adds to what its report says of how it is served. */
  describe(notes: ReaderNotes): void {
    this.#notes = { ...this.#notes, ...notes };
  }

  /** When it last took a frame, on the clock of `performance.now()`. */
  get lastDelivery(): number {
    return this.#lastDelivery;
  }

  report(): ReaderReport {
    const passed = this.#channel.count - this.#lastCount;
    const now = performance.now();
    return {
      ...this.identity,
      id: this.id,
      since: this.since,
      frames: this.#frames,
      bytes: this.#bytes,
      fps: Math.round(this.#rate.perSecond(now) * 10) / 10,
      // The newest of those that passed is still to come.
      skipped: this.#skipped + Math.max(0, passed - 1),
      ...(this.#frames === 0 ? {} : { age: this.#age(now) }),
      ...this.#notes,
    };
  }

  /** How old it was when it was delivered, ms: reckoned here, and not for every frame. */
  #age(now: number): number {
    return Math.round(Date.now() - (now - this.#lastDelivery) - this.#capturedAt);
  }

  /** Leaves; safe to call twice. */
  close(): void {
    this.#waiting = false;
    if (this.#closed) return;
    this.#closed = true;
    this.#channel.leave(this);
  }
}
