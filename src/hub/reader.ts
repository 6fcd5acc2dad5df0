import type { CameraStatus } from '../api/camera-status.ts';
import type { FramehubError } from '../errors.ts';
import type { Frame } from '../frame.ts';
import type { Channel } from './channel.ts';
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
  /** The newest frame, in answer to `pull`. */
  deliver(frame: Frame): void;
  statusChanged(status: CameraStatus): void;
  /** The camera is gone; nothing follows. */
  ended(reason: FramehubError): void;
}

/** A reader's truth, as numbers. */
export interface ReaderReport extends ReaderIdentity {
  readonly id: number;
  /** Ms since the epoch. */
  readonly since: number;
  readonly frames: number;
  readonly bytes: number;
  /** Frames per second, lately. */
  readonly fps: number;
  /** Frames that were published but never sent, because newer ones were there. */
  readonly skipped: number;
  /** How old the last picture was when it was delivered, ms. */
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
  readonly #channel: Channel;
  readonly #sink: FrameSink;
  readonly #rate = new Rate();
  #waiting = false;
  #closed = false;
  #lastSeq: number;
  #frames = 0;
  #bytes = 0;
  #skipped = 0;
  #age: number | undefined;
  #lastDelivery = performance.now();

  /** @param lastSeq frames up to this one are not delivered */
  constructor(
    channel: Channel,
    id: number,
    identity: ReaderIdentity,
    sink: FrameSink,
    lastSeq: number,
  ) {
    this.#channel = channel;
    this.id = id;
    this.identity = identity;
    this.#sink = sink;
    this.#lastSeq = lastSeq;
  }

  /** There is room for one frame. */
  pull(): void {
    if (this.#closed) return;
    this.#waiting = true;
    const latest = this.#channel.latest;
    if (latest !== undefined) this.offer(latest);
  }

  /** There is no room after all. */
  hold(): void {
    this.#waiting = false;
  }

  /** For the channel: a frame was published. */
  offer(frame: Frame): void {
    if (!this.#waiting || frame.seq <= this.#lastSeq) return;
    this.#waiting = false;
    this.#skipped += frame.seq - this.#lastSeq - 1;
    this.#lastSeq = frame.seq;
    this.#sink.deliver(frame);
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

  /** The reader has taken `frame`, `bytes` long as it was sent. */
  delivered(frame: Frame, bytes: number): void {
    this.#frames += 1;
    this.#bytes += bytes;
    this.#age = Date.now() - frame.capturedAt;
    this.#lastDelivery = performance.now();
    this.#rate.tick(this.#lastDelivery);
  }

  /** When it last took a frame, on the clock of `performance.now()`. */
  get lastDelivery(): number {
    return this.#lastDelivery;
  }

  report(): ReaderReport {
    const passed = (this.#channel.latest?.seq ?? 0) - this.#lastSeq;
    return {
      ...this.identity,
      id: this.id,
      since: this.since,
      frames: this.#frames,
      bytes: this.#bytes,
      fps: Math.round(this.#rate.perSecond(performance.now()) * 10) / 10,
      // The newest of those that passed is still to come.
      skipped: this.#skipped + Math.max(0, passed - 1),
      ...(this.#age === undefined ? {} : { age: Math.round(this.#age) }),
    };
  }

  /** Leaves; safe to call twice. */
  close(): void {
    this.#waiting = false;
    if (this.#closed) return;
    this.#closed = true;
    this.#channel.leave(this);
  }
}
