import { FramehubError, toFramehubError } from '../errors.ts';
import { checkJpeg } from '../media/jpeg.ts';
import type { Source } from '../source.ts';

/** After the first picture, ms. */
const MEASURED = 2_000;
/** All together, ms. */
const LIMIT = 20_000;

/** What a source gave in one run of a few seconds. Times are ms, sizes bytes. */
export interface ProbeReport {
  readonly width: number;
  readonly height: number;
  /** From the opening to the first whole picture. */
  readonly firstPictureAfter: number;
  readonly pictures: number;
  /** Pictures left out because they were no whole JPEG. */
  readonly rejected: number;
  /** Undefined when only one picture came. */
  readonly fps: number | undefined;
  readonly smallest: number;
  readonly average: number;
  readonly largest: number;
}

interface ProbeLimits {
  /** How long pictures are counted after the first one, ms. Default 2000. */
  readonly measured?: number;
  /** The time for everything, ms. Default 20000. */
  readonly limit?: number;
}

/**
 * Opens the source once and measures it; returns undefined when `signal` stops it before its first
 * picture. Throws what the source throws, PICTURE_INVALID or PICTURE_TRUNCATED when none of the
 * pictures is whole, and SOURCE_TIMEOUT when the time is over without one.
 */
export async function probe(
  source: Source,
  signal: AbortSignal,
  { measured = MEASURED, limit = LIMIT }: ProbeLimits = {},
): Promise<ProbeReport | undefined> {
  const end = new AbortController();
  const stop = (): void => end.abort();
  const timer = setTimeout(stop, limit);
  let measuring: NodeJS.Timeout | undefined;
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();

  const openedAt = performance.now();
  const sizes = { smallest: Number.POSITIVE_INFINITY, total: 0, largest: 0 };
  let first: { readonly at: number; readonly width: number; readonly height: number } | undefined;
  let lastAt = openedAt;
  let pictures = 0;
  let rejected = 0;
  let wrong: unknown;
  try {
    for await (const { data } of source.frames(end.signal, 1)) {
      if (end.signal.aborted) break;
      measuring ??= setTimeout(stop, measured);
      try {
        const { width, height } = checkJpeg(data);
        first ??= { at: performance.now(), width, height };
      } catch (thrown) {
        // The camera leaves such a picture out too, so one of them is no failure.
        wrong = thrown;
        rejected++;
        continue;
      }
      lastAt = performance.now();
      pictures++;
      sizes.total += data.length;
      sizes.smallest = Math.min(sizes.smallest, data.length);
      sizes.largest = Math.max(sizes.largest, data.length);
    }
  } catch (thrown) {
    // A source may throw when it is stopped; that is no failure of its.
    if (!end.signal.aborted) throw toFramehubError(thrown, 'SOURCE_FAILED');
  } finally {
    clearTimeout(timer);
    clearTimeout(measuring);
    signal.removeEventListener('abort', stop);
  }

  if (first === undefined) {
    if (signal.aborted) return undefined;
    if (wrong !== undefined) throw wrong;
    if (end.signal.aborted) {
      const seconds = limit / 1_000;
      throw new FramehubError('SOURCE_TIMEOUT', `No picture came within ${seconds} seconds.`);
    }
    throw new FramehubError('SOURCE_ENDED', 'The source ended without a picture.');
  }
  const seconds = (lastAt - first.at) / 1_000;
  return {
    width: first.width,
    height: first.height,
    firstPictureAfter: first.at - openedAt,
    pictures,
    rejected,
    fps: pictures > 1 && seconds > 0 ? (pictures - 1) / seconds : undefined,
    smallest: sizes.smallest,
    average: sizes.total / pictures,
    largest: sizes.largest,
  };
}
