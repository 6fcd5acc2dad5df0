import { ByteCollector } from './byte-collector.ts';

export interface Line {
  /** Without its line feed; of a line that is too long, only the end. Valid until the next read. */
  readonly bytes: Buffer;
  readonly tooLong: boolean;
}

/**
 * Puts lines together from chunks. Of a line longer than `longest` only its last bytes are kept, so
 * that endless garbage costs no memory.
 */
export class LineReader {
  readonly #longest: number;
  readonly #tail: number;
  readonly #begun: ByteCollector;
  #cut = false;

  /** @param tail bytes kept of a line that is too long; fewer than `longest` */
  constructor(longest: number, tail: number) {
    this.#longest = longest;
    this.#tail = tail;
    this.#begun = new ByteCollector(longest);
  }

  get held(): number {
    return this.#begun.held;
  }

  /** A line has begun in an earlier chunk. */
  get isBegun(): boolean {
    return this.#cut || this.#begun.length > 0;
  }

  /** The line that begins or goes on at `from` and ends before `feed`, the offset of its line feed. */
  finish(chunk: Buffer, from: number, feed: number): Line {
    let bytes = chunk.subarray(from, feed);
    if (this.#begun.length > 0) {
      this.begin(bytes);
      bytes = this.#begun.bytes;
    }
    const tooLong = this.#cut || bytes.length > this.#longest;
    this.#begun.clear();
    this.#cut = false;
    return { bytes: tooLong ? bytes.subarray(-this.#tail) : bytes, tooLong };
  }

  /** A piece of a line whose end is not there yet. */
  begin(piece: Buffer): void {
    if (this.#begun.length + piece.length <= this.#longest) {
      this.#begun.append(piece);
      return;
    }
    const end = Buffer.concat([this.#begun.bytes, piece.subarray(-this.#tail)]);
    this.#begun.clear();
    this.#begun.append(end.subarray(-this.#tail));
    this.#cut = true;
  }

  release(): void {
    this.#begun.release();
    this.#cut = false;
  }
}
