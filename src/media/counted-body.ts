import { endsLikeJpeg, startsLikeJpeg } from './jpeg.ts';

const NOTHING = Buffer.alloc(0);

/**
 * A part's body of announced length. One that is whole in its chunk, and most of the chunk's memory,
 * stays where it is; any other is copied once, straight to its place.
 */
export class CountedBody {
  #bytes: Buffer = NOTHING;
  #length = 0;
  #filled = 0;

  get held(): number {
    return this.#bytes.length;
  }

  get isFull(): boolean {
    return this.#filled === this.#length;
  }

  /** A JPEG that does not end as one: the announced length may be wrong. */
  get isDoubtful(): boolean {
    return startsLikeJpeg(this.#bytes) && !endsLikeJpeg(this.#bytes);
  }

  begin(length: number): void {
    this.#bytes = NOTHING;
    this.#length = length;
    this.#filled = 0;
  }

  /** Takes what it needs; returns where it stopped. */
  read(chunk: Buffer, from: number): number {
    const until = Math.min(chunk.length, from + this.#length - this.#filled);
    if (this.#bytes.length === 0) {
      // A small picture that kept a large chunk alive would cost more than its copy.
      const stays = until - from === this.#length && this.#length * 2 >= chunk.buffer.byteLength;
      this.#bytes = stays ? chunk.subarray(from, until) : Buffer.allocUnsafe(this.#length);
      if (stays) {
        this.#filled = this.#length;
        return until;
      }
    }
    this.#filled += chunk.copy(this.#bytes, this.#filled, from, until);
    return until;
  }

  take(): Buffer {
    const bytes = this.#bytes;
    this.release();
    return bytes;
  }

  release(): void {
    this.begin(0);
  }
}
