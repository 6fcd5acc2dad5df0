import { type ChildExit, runChild } from './child-process.ts';
import { Newest } from './newest.ts';

/** Pictures written at once that are given one by one; of more the oldest are left out. */
const LONGEST_QUEUE = 64;

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
  }).finally(() => output.end());
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
  /** Written at once, and still to be given. */
  readonly #queue: ChildPicture[] = [];
  #giving = false;
  #ended = false;
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
    for (const data of pictures) this.#queue.push({ data, capturedAt });
    if (this.#queue.length > LONGEST_QUEUE)
      this.#queue.splice(0, this.#queue.length - LONGEST_QUEUE);
    if (!this.#giving) this.#give();
  }

  /** Nothing more will be written; what waits is given first. */
  end(): void {
    this.#ended = true;
    if (!this.#giving) this.newest.end();
  }

  exit(end: ChildExit): PicturesExit {
    return { ...end, pictures: this.#pictures, silence: performance.now() - this.#last };
  }

  /** One in each turn of the event loop: a loop that keeps up gets to take each. */
  readonly #give = (): void => {
    const picture = this.#queue.shift();
    if (picture !== undefined) this.newest.put(picture);
    this.#giving = this.#queue.length > 0;
    if (this.#giving) setImmediate(this.#give);
    else if (this.#ended) this.newest.end();
  };
}
