import type { Frame } from '../frame.ts';

/** Four seconds at 30 a second: what takes longer to look at is not worth being shown. */
const MOST_FRAMES = 120;
const MOST_BYTES = 48 * 1024 * 1024;

/** The newest frames of a camera, until it is known what is in them. */
export class HeldFrames {
  readonly #frames: Frame[] = [];
  #bytes = 0;

  add(frame: Frame): void {
    this.#frames.push(frame);
    this.#bytes += frame.data.length;
    while (this.#frames.length > MOST_FRAMES || this.#bytes > MOST_BYTES) this.#drop();
  }

  /** The frame with this number; those before it are let go of. */
  take(seq: number): Frame | undefined {
    while ((this.#frames[0]?.seq ?? seq) < seq) this.#drop();
    const [first] = this.#frames;
    return first?.seq === seq ? first : undefined;
  }

  clear(): void {
    this.#frames.length = 0;
    this.#bytes = 0;
  }

  #drop(): void {
    this.#bytes -= this.#frames.shift()?.data.length ?? 0;
  }
}
