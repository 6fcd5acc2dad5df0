import type { Frame } from '../frame.ts';

/** Ten seconds at 30 a second: whoever looked at a picture for longer is too late with it. */
const KEPT = 300;

/** A frame without its picture. */
export type FrameIdentity = Pick<Frame, 'seq' | 'capturedAt' | 'width' | 'height'>;

/** Which frames a camera had lately, so that what is said about one of them can be believed. */
export class RecentFrames {
  readonly #ring: FrameIdentity[] = [];
  #next = 0;

  add({ seq, capturedAt, width, height }: Frame): void {
    this.#ring[this.#next] = { seq, capturedAt, width, height };
    this.#next = (this.#next + 1) % KEPT;
  }

  /**
   * The frame with this number, this capture time (ms since the epoch, true to a millisecond), or
   * both when both are given.
   */
  find(wanted: {
    readonly seq?: number | undefined;
    readonly capturedAt?: number | undefined;
  }): FrameIdentity | undefined {
    const { seq, capturedAt } = wanted;
    if (seq === undefined && capturedAt === undefined) return undefined;
    return this.#ring.find(
      (frame) =>
        (seq === undefined || frame.seq === seq) &&
        (capturedAt === undefined || Math.abs(frame.capturedAt - capturedAt) < 1),
    );
  }
}
