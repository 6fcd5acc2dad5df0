/** Keeps the last bytes of a text that comes in pieces. */
export class Tail {
  readonly #bytes: number;
  #kept: Buffer = Buffer.alloc(0);

  /** @param bytes how much is kept. */
  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  push(chunk: Buffer): void {
    const joined = Buffer.concat([this.#kept, chunk.subarray(-this.#bytes)]);
    // A copy: a view would keep the larger memory alive.
    this.#kept = Buffer.from(joined.subarray(-this.#bytes));
  }

  /** Begins with a whole line, unless all that is kept is one line. */
  text(): string {
    if (this.#kept.length < this.#bytes) return this.#kept.toString();
    const line = this.#kept.indexOf('\n');
    return this.#kept.subarray(line === this.#kept.length - 1 ? 0 : line + 1).toString();
  }
}
