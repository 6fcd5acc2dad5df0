import { type ChildExit, runChild } from './child-process.ts';
import { Newest } from './newest.ts';

export interface ChildPicture {
  readonly data: Buffer;
  /** When its last byte arrived, ms since the epoch. */
  readonly capturedAt: number;
}

export interface PicturesExit extends ChildExit {
  /** How many pictures it gave. */
  readonly pictures: number;
  /** How long before its end the last one came, or it was started when none came, ms. */
  readonly silence: number;
}

/** A program that writes pictures to its standard output. */
export interface PictureProgram {
  readonly program: string;
  readonly args: readonly string[];
  /** Cuts what it writes into pictures; what it throws ends the program. */
  readonly split: (chunk: Buffer) => readonly Buffer[];
  /** Why it did not start, or what `split` threw, as an error a person can act on. */
  readonly broken: (thrown: unknown) => Error;
  /** Why it ended, which it is not expected to. */
  readonly ended: (exit: PicturesExit) => Error;
}

/**
 * Runs a capture program and yields the pictures it writes. Its output is always read at once: a
 * slow loop gets the newest picture, not the oldest. Returns when aborted.
 *
 * @throws what `broken` and `ended` make of it
 */
export async function* childPictures(
  { program, args, split, broken, ended }: PictureProgram,
  signal: AbortSignal,
): AsyncGenerator<ChildPicture, void, undefined> {
  const left = new AbortController();
  const output = new Output(split);
  const run = runChild(program, args, {
    signal: AbortSignal.any([signal, left.signal]),
    onOutput: (chunk) => output.push(chunk),
  }).finally(() => output.newest.end());
  const finished = Promise.allSettled([run]);
  try {
    for (;;) {
      const picture = await output.newest.take();
      if (picture === undefined || signal.aborted) break;
      yield picture;
    }
    const [end] = await finished;
    if (signal.aborted) return;
    throw end.status === 'rejected' ? broken(end.reason) : ended(output.exit(end.value));
  } finally {
    left.abort();
    await finished;
  }
}

/** What a program wrote, as pictures. */
class Output {
  readonly newest = new Newest<ChildPicture>();
  readonly #split: (chunk: Buffer) => readonly Buffer[];
  /** Pictures of the last chunk that are still to be given. */
  #queue: readonly ChildPicture[] = [];
  #pictures = 0;
  #last = performance.now();

  constructor(split: (chunk: Buffer) => readonly Buffer[]) {
    this.#split = split;
  }

  push(chunk: Buffer): void {
    const pictures = this.#split(chunk);
    if (pictures.length === 0) return;
    this.#pictures += pictures.length;
    this.#last = performance.now();
    const capturedAt = Date.now();
    this.#queue = pictures.map((data) => ({ data, capturedAt }));
    this.#give(this.#queue, 0);
  }

  exit(end: ChildExit): PicturesExit {
    return { ...end, pictures: this.#pictures, silence: performance.now() - this.#last };
  }

  /** One in each turn of the event loop: a loop that keeps up gets to take each. */
  #give(queue: readonly ChildPicture[], index: number): void {
    const picture = queue[index];
    // The next chunk is there already: what is left of this one is old.
    if (picture === undefined || queue !== this.#queue) return;
    this.newest.put(picture);
    if (index + 1 < queue.length) setImmediate(() => this.#give(queue, index + 1));
  }
}
