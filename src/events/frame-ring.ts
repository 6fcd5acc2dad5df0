import type { Frame } from '../frame.ts';
import type { Channel } from '../hub/channel.ts';
import type { FrameSink, Reader } from '../hub/reader.ts';

/** How the recorder reads: it is nobody who watches. */
const RECORDER_READER = 'recorder';

/** Frames kept for a result that is still to come: 8 s at 30 a second. */
const MAX_FRAMES = 256;
/** The same in bytes: 3 s of 180 KB at 30 a second. */
const MAX_BYTES = 16 * 1024 * 1024;

/** The last frames of a camera, pictures included, for as long as it is recorded. */
export class FrameRing implements FrameSink {
  readonly #frames: Frame[] = [];
  readonly #reader: Reader;
  readonly #onEnd: () => void;
  #bytes = 0;

  /** @param onEnd told when the camera is removed */
  constructor(channel: Channel, onEnd: () => void) {
    this.#onEnd = onEnd;
    this.#reader = channel.read({ kind: RECORDER_READER, address: 'this process' }, this);
    this.#reader.pull();
  }

  find(seq: number): Frame | undefined {
    return this.#frames.findLast((frame) => frame.seq === seq);
  }

  deliver(frame: Frame): void {
    this.#frames.push(frame);
    this.#bytes += frame.data.length;
    while (
      this.#frames.length > MAX_FRAMES ||
      (this.#bytes > MAX_BYTES && this.#frames.length > 1)
    ) {
      this.#bytes -= this.#frames.shift()?.data.length ?? 0;
    }
    this.#reader.delivered(frame, frame.data.length);
    this.#reader.pull();
  }

  statusChanged(): void {}

  ended(): void {
    this.#onEnd();
  }

  close(): void {
    this.#reader.close();
    this.#frames.length = 0;
  }
}
