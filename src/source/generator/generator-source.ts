import { FramehubError, toFramehubError } from '../../errors.ts';
import { pause } from '../../media/pace.ts';
import type { Source, SourceFrame } from '../../source.ts';
import { asPicture } from './as-picture.ts';

/** How long a generator may take to end once it is told to, ms; after that nobody waits for it. */
const GRACE = 1_000;

/** A picture as a generator may yield it: the bytes of one whole JPEG, with or without its time. */
export type GeneratedPicture =
  | Buffer
  | Uint8Array
  | { readonly data: Buffer | Uint8Array; readonly capturedAt?: number };

/** Yields pictures until `signal` aborts, at the pace it captures them. */
export type FramesFunction = (signal: AbortSignal) => AsyncIterable<GeneratedPicture>;

export interface GeneratorOptions {
  /** What people see as the source. Default `generator`. */
  readonly label?: string;
  /** Longest time between two pictures, ms, when it is more than a stall watch would allow. */
  readonly interval?: number;
}

/**
 * A source made of a function of your own. It is called when the camera starts; its signal aborts
 * when the camera stops. The bytes it yields are handed over: they must not be written to again.
 *
 * What it throws is SOURCE_FAILED (with it as the `cause`) unless it is a FramehubError; its return
 * is SOURCE_ENDED; anything but a picture is PICTURE_INVALID.
 */
export function generatorSource(frames: FramesFunction, options: GeneratorOptions = {}): Source {
  return {
    kind: 'generator',
    label: options.label ?? 'generator',
    ...(options.interval === undefined ? {} : { interval: options.interval }),
    frames: (signal) => run(frames, signal),
  };
}

async function* run(frames: FramesFunction, outer: AbortSignal): AsyncGenerator<SourceFrame, void> {
  if (outer.aborted) return;
  // Its own signal also tells a generator to end when the loop over us is left without an abort.
  const inner = new AbortController();
  // One listener for all of its pictures: one for each would cost more than the picture itself.
  let leave = (): void => {};
  const abort = (): void => {
    inner.abort(outer.reason);
    leave();
  };
  outer.addEventListener('abort', abort, { once: true });
  const waiting = (resolve: () => void): void => {
    leave = resolve;
  };
  let iterator: AsyncIterator<unknown> | undefined;
  try {
    iterator = open(frames, inner.signal);
    while (!outer.aborted) {
      const result = await next(iterator, outer, waiting);
      if (result === undefined) return;
      if (result.done === true) {
        throw new FramehubError(
          'SOURCE_ENDED',
          'The generator returned, and yields no more pictures.',
        );
      }
      yield asPicture(result.value);
    }
  } finally {
    outer.removeEventListener('abort', abort);
    inner.abort(outer.reason);
    await close(iterator);
  }
}

function open(frames: FramesFunction, signal: AbortSignal): AsyncIterator<unknown> {
  let iterable: AsyncIterable<unknown> | undefined;
  try {
    iterable = frames(signal);
  } catch (error) {
    throw toFramehubError(error, 'SOURCE_FAILED');
  }
  if (typeof iterable?.[Symbol.asyncIterator] !== 'function') {
    throw new FramehubError(
      'SOURCE_INVALID',
      `Expected an async generator ("async function*"), but the function returned ${typeof iterable}.`,
      { help: 'Give a function that yields JPEG pictures.' },
    );
  }
  return iterable[Symbol.asyncIterator]();
}

/**
 * The next result; undefined once aborted, even if the generator doesn't listen to its signal.
 *
 * @param waiting given what is to be called on the abort
 */
async function next(
  iterator: AsyncIterator<unknown>,
  signal: AbortSignal,
  waiting: (leave: () => void) => void,
): Promise<IteratorResult<unknown> | undefined> {
  try {
    const result = await new Promise<IteratorResult<unknown> | undefined>((resolve, reject) => {
      waiting(() => resolve(undefined));
      iterator.next().then(resolve, reject);
    });
    return signal.aborted ? undefined : result;
  } catch (error) {
    // A generator that passes its signal on is ended by the AbortError of what it awaits.
    if (signal.aborted) return undefined;
    throw toFramehubError(error, 'SOURCE_FAILED');
  }
}

/** Lets it run its `finally`. The run is over: how it ends changes nothing any more. */
async function close(iterator: AsyncIterator<unknown> | undefined): Promise<void> {
  const waited = new AbortController();
  const ended = Promise.resolve(iterator?.return?.())
    .catch(() => {})
    .then(() => waited.abort());
  await Promise.race([ended, pause(GRACE, waited.signal)]);
}
