import { setImmediate as turn } from 'node:timers/promises';
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

/** Cuts what a program writes into pictures. */
export interface PictureSplitter {
  push(chunk: Buffer): readonly Buffer[];
}

/**
 * Runs a capture program and yields the pictures it writes to standard output; returns how it
 * ended. Its output is always read at once: a slow loop gets the newest picture, not the oldest.
 *
 * @throws what `runChild` and the splitter throw.
 */
export async function* childPictures(
  program: string,
  args: readonly string[],
  splitter: PictureSplitter,
  signal: AbortSignal,
): AsyncGenerator<ChildPicture, PicturesExit, undefined> {
  const left = new AbortController();
  const newest = new Newest<ChildPicture>();
  const read = async (): Promise<PicturesExit> => {
    let pictures = 0;
    let last = performance.now();
    const output = runChild(program, args, { signal: AbortSignal.any([signal, left.signal]) });
    try {
      for (;;) {
        const { value, done } = await output.next();
        if (done === true) return { ...value, pictures, silence: performance.now() - last };
        for (const [index, data] of splitter.push(value).entries()) {
          // Several in one chunk: a loop that keeps up gets to take each.
          if (index > 0) await turn();
          pictures += 1;
          last = performance.now();
          newest.put({ data, capturedAt: performance.timeOrigin + last });
        }
      }
    } finally {
      // A splitter that throws leaves the program running.
      await output.return({ code: null, signal: null, stderr: '' });
      newest.end();
    }
  };
  const finished = Promise.allSettled([read()]);
  try {
    for (;;) {
      const picture = await newest.take();
      if (picture === undefined || signal.aborted) break;
      yield picture;
    }
    const [end] = await finished;
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  } finally {
    left.abort();
    await finished;
  }
}
