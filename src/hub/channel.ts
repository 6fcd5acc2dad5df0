import type { CameraStatus } from '../api/camera-status.ts';
import type { FramehubError } from '../errors.ts';
import type { CameraId, Frame } from '../frame.ts';
import { Rate } from './rate.ts';
import { type FrameSink, type ReadChannel, Reader, type ReaderIdentity } from './reader.ts';
import { RecentFrames } from './recent-frames.ts';

/** One camera as its readers see it: its newest frame, what it is doing, and who reads it. */
export class Channel implements ReadChannel {
  readonly camera: CameraId;
  readonly #parent: Channel | undefined;
  #name: string;
  readonly #readers = new Set<Reader>();
  readonly #onDemand: (readers: number) => void;
  readonly #rate = new Rate();
  readonly #endListeners = new Set<(reason: FramehubError) => void>();
  /** Which frames there were lately, without their pictures. */
  readonly recent = new RecentFrames();
  #latest: Frame | undefined;
  #count = 0;
  #status: CameraStatus = {
    state: 'off',
    since: Date.now(),
    reason: 'nobody has watched yet',
    stopped: false,
  };
  #readerCount = 0;

  /**
   * @param onDemand told the number of readers whenever it changes
   * @param parent the channel whose frames these are, in another form
   */
  constructor(
    camera: CameraId,
    name: string,
    onDemand: (readers: number) => void,
    parent?: Channel,
  ) {
    this.camera = camera;
    this.#name = name;
    this.#onDemand = onDemand;
    this.#parent = parent;
    if (parent !== undefined) this.#status = parent.status;
  }

  /** For people. */
  get name(): string {
    return this.#parent?.name ?? this.#name;
  }

  set name(name: string) {
    this.#name = name;
  }

  /** The newest frame there ever was; old when the camera is not live. */
  get latest(): Frame | undefined {
    return this.#latest;
  }

  /** Frames published so far. */
  get count(): number {
    return this.#count;
  }

  get status(): CameraStatus {
    return this.#status;
  }

  get readers(): ReadonlySet<Reader> {
    return this.#readers;
  }

  /** Frames published per second, lately. */
  get fps(): number {
    return this.#status.state === 'live' ? this.#rate.perSecond(performance.now()) : 0;
  }

  /** Gives the frame to every reader that has room. Returns at once. */
  publish(frame: Frame): void {
    this.#latest = frame;
    this.#count += 1;
    if (this.#parent === undefined) this.recent.add(frame);
    const now = performance.now();
    this.#rate.tick(now);
    for (const reader of this.#readers) reader.offer(frame, now);
  }

  setStatus(status: CameraStatus): void {
    this.#status = status;
    for (const reader of this.#readers) reader.tellStatus(status);
  }

  /** A new reader. It gets nothing before its first `pull`, and never a picture from before a pause. */
  read(identity: ReaderIdentity, sink: FrameSink): Reader {
    const reader = new Reader(this, this.nextReaderId(), identity, sink, this.countSeen());
    this.join(reader);
    return reader;
  }

  /** How many of its frames a reader that comes now will never get. */
  countSeen(): number {
    const live = this.#status.state === 'live' && this.#latest !== undefined;
    return this.#count - (live ? 1 : 0);
  }

  /** Numbers the readers of a camera, in whatever form they read it. */
  private nextReaderId(): number {
    if (this.#parent !== undefined) return this.#parent.nextReaderId();
    this.#readerCount += 1;
    return this.#readerCount;
  }

  /** For the reader. */
  join(reader: Reader): void {
    this.#readers.add(reader);
    this.#onDemand(this.#readers.size);
  }

  /** For the reader. */
  leave(reader: Reader): void {
    if (this.#readers.delete(reader)) this.#onDemand(this.#readers.size);
  }

  /**
   * For what belongs to the camera without reading it: told once, when the camera is removed.
   *
   * @returns a function that takes the listener back
   */
  onEnd(listener: (reason: FramehubError) => void): () => void {
    this.#endListeners.add(listener);
    return () => this.#endListeners.delete(listener);
  }

  /** Ends every reader. */
  end(reason: FramehubError): void {
    const readers = [...this.#readers];
    this.#readers.clear();
    for (const reader of readers) reader.end(reason);
    const endings = [...this.#endListeners];
    this.#endListeners.clear();
    for (const listener of endings) listener(reason);
  }
}
