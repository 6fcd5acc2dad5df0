import { FramehubError } from '../../../errors.ts';
import { LineReader } from '../../../media/line-reader.ts';

/** Cuts what a program writes into lines; empty ones are left out. Never holds more than one. */
export class LineSplitter {
  readonly #longest: number;
  readonly #reader: LineReader;
  #begun = 0;

  /** @param longest bytes of one line */
  constructor(longest: number) {
    this.#longest = longest;
    this.#reader = new LineReader(longest, 1);
  }

  /** @throws DETECTOR_INVALID when a line is too long, though its end is not there yet */
  *push(chunk: Buffer): Generator<string, void, undefined> {
    let from = 0;
    for (;;) {
      const feed = chunk.indexOf(0x0a, from);
      this.#begun += (feed === -1 ? chunk.length : feed) - from;
      if (this.#begun > this.#longest) throw this.#tooLong();
      if (feed === -1) break;
      const line = this.#reader.finish(chunk, from, feed).bytes.toString().trim();
      this.#begun = 0;
      from = feed + 1;
      if (line !== '') yield line;
    }
    if (from < chunk.length) this.#reader.begin(chunk.subarray(from));
  }

  #tooLong(): FramehubError {
    return new FramehubError(
      'DETECTOR_INVALID',
      `Expected lines of at most ${this.#longest / 1024} KB; got a longer one.`,
    );
  }
}
