const LEAST = 16 * 1024;

/**
 * Bytes put together from pieces. Grows by doubling, so that many small pieces cost no more than a
 * few large ones, but never past its limit; keeps its room for the next picture, which is about as
 * large.
 */
export class ByteCollector {
  readonly #limit: number;
  #room: Buffer = Buffer.alloc(0);
  #length = 0;

  /** @param limit most bytes the caller will ever have in it at once */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#length;
  }

  /** Bytes of memory taken: at most the limit. */
  get held(): number {
    return this.#room.length;
  }

  /** What was collected; valid until the next change. */
  get bytes(): Buffer {
    return this.#room.subarray(0, this.#length);
  }

  append(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    if (length > this.#room.length) {
      const room = Math.max(length, Math.min(this.#limit, Math.max(LEAST, this.#room.length * 2)));
      const larger = Buffer.allocUnsafeSlow(room);
      larger.set(this.bytes);
      this.#room = larger;
    }
    this.#room.set(piece, this.#length);
    this.#length = length;
  }

  /** A copy of the first `length` bytes; then it is empty. */
  take(length: number): Buffer {
    const taken = Buffer.from(this.#room.subarray(0, length));
    this.#length = 0;
    return taken;
  }

  clear(): void {
    this.#length = 0;
  }

  /** Empty, and its memory given back. */
  release(): void {
    this.#length = 0;
    this.#room = Buffer.alloc(0);
  }
}
