import { endsLikeJpeg, startsLikeJpeg } from './jpeg.ts';

const NOTHING = Buffer.alloc(0);

/** A part's body of announced length: copied once, straight to its place. */
export class CountedBody {
  #bytes: Buffer = NOTHING;
  #filled = 0;

  get held(): number {
    return this.#bytes.length;
  }

  get isFull(): boolean {
    return this.#filled === this.#bytes.length;
  }

  /** A JPEG that does not end as one: the announced length may be wrong. */
  get isDoubtful(): boolean {
    return startsLikeJpeg(this.#bytes) && !endsLikeJpeg(this.#bytes);
  }

  begin(length: number): void {
    this.#bytes = Buffer.allocUnsafe(length);
    this.#filled = 0;
  }

  /** Takes what it needs; returns where it stopped. */
  read(chunk: Buffer, from: number): number {
    const until = Math.min(chunk.length, from + this.#bytes.length - this.#filled);
    this.#filled += chunk.copy(this.#bytes, this.#filled, from, until);
    return until;
  }

  take(): Buffer {
    const bytes = this.#bytes;
    this.release();
    return bytes;
  }

  release(): void {
    this.#bytes = NOTHING;
    this.#filled = 0;
  }
}
