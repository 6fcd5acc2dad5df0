import { FramehubError, toFramehubError } from '../errors.ts';
import { checkJpeg, type JpegInfo } from '../media/jpeg.ts';
import type { Source, SourceFrame } from '../source.ts';

/** Unusable pictures in a row after which the source is given up. */
const BAD_IN_A_ROW = 5;
/** How long a source may take to end after it was told to, ms; FFmpeg is killed after one second. */
const END_GRACE = 3_000;

export interface Picture {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
  readonly capturedAt: number;
}

export interface RunOptions {
  readonly source: Source;
  readonly firstSeq: number;
  /** Aborting it ends the run. */
  readonly signal: AbortSignal;
  /** Ms to the first picture. */
  readonly startTimeout: number;
  /** Ms between pictures. */
  readonly stallTimeout: number;
  readonly onPicture: (picture: Picture) => void;
  /** A picture that can't be used was left out. */
  readonly onRejected: (reason: FramehubError) => void;
  /** The source is silent. A passive one goes on; any other is being ended. */
  readonly onStall: (reason: FramehubError) => void;
}

/**
 * Runs a source once, until it fails, falls silent or is aborted, and then waits until it has ended.
 *
 * @returns why it ended, undefined when it was aborted
 */
export async function runSource(options: RunOptions): Promise<FramehubError | undefined> {
  const { source, signal } = options;
  if (signal.aborted) return undefined;
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });

  let stalled: FramehubError | undefined;
  let rejected: FramehubError | undefined;
  let seen = false;
  const silence = Math.max(options.stallTimeout, 3 * (source.interval ?? 0));
  const startTimeout = Math.max(options.startTimeout, silence);
  const onSilence = () => {
    const seconds = Math.round((seen ? silence : startTimeout) / 100) / 10;
    const reason =
      rejected ??
      (seen
        ? new FramehubError('CAMERA_STALLED', `No picture for ${seconds} s.`)
        : new FramehubError('SOURCE_TIMEOUT', `No picture within ${seconds} s of starting.`));
    if (!source.passive) stalled = reason;
    options.onStall(reason);
    if (!source.passive) stop.abort(reason);
  };
  let watch = setTimeout(onSilence, startTimeout);

  let badInARow = 0;
  const checked = (given: SourceFrame): JpegInfo | undefined => {
    try {
      return checkJpeg(given.data);
    } catch (thrown) {
      rejected = toFramehubError(thrown, 'PICTURE_INVALID');
      badInARow += 1;
      options.onRejected(rejected);
      if (badInARow >= BAD_IN_A_ROW) throw rejected;
      return undefined;
    }
  };
  const take = (given: SourceFrame) => {
    const info = checked(given);
    if (info === undefined) return;
    badInARow = 0;
    rejected = undefined;
    if (seen) {
      watch.refresh();
    } else {
      seen = true;
      clearTimeout(watch);
      watch = setTimeout(onSilence, silence);
    }
    options.onPicture({
      data: given.data,
      width: info.width,
      height: info.height,
      capturedAt: given.capturedAt ?? Date.now(),
    });
  };

  const run = async () => {
    for await (const given of source.frames(stop.signal, options.firstSeq)) {
      // A source that does not notice the abort must not go on publishing.
      if (stop.signal.aborted) break;
      take(given);
    }
  };

  try {
    await endInTime(run(), stop.signal);
    if (signal.aborted) return undefined;
    return stalled ?? new FramehubError('SOURCE_ENDED', 'The source ended.');
  } catch (thrown) {
    if (signal.aborted) return undefined;
    return stalled ?? toFramehubError(thrown, 'SOURCE_FAILED');
  } finally {
    clearTimeout(watch);
    signal.removeEventListener('abort', onAbort);
    stop.abort();
  }
}

/** Waits for the run, but no longer than the grace once it was aborted. */
async function endInTime(run: Promise<void>, signal: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  const overdue = new Promise<void>((_, reject) => {
    onAbort = () => {
      timer = setTimeout(
        () => reject(new FramehubError('SOURCE_FAILED', 'The source did not end when told to.')),
        END_GRACE,
      );
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    await Promise.race([run, overdue]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    // Whatever an overdue run still throws was already reported as overdue.
    run.catch(() => {});
  }
}
