import type { DetectionResult } from '../api/detection.ts';
import type { FramehubError } from '../errors.ts';
import type { Channel } from '../hub/channel.ts';
import { ResultQueue } from './result-queue.ts';
import type { Results } from './results.ts';

/** Results that wait while the body of the loop is busy: six seconds at 5 a second. */
const WAITING = 30;

/**
 * The results of a camera for a `for await` loop, in order; when the body is slow for long, the
 * oldest are left out. The detector runs while the loop does.
 *
 * @throws the reason when the camera is removed; returns when `signal` aborts
 */
export async function* readResults(
  results: Results,
  channel: Channel,
  signal?: AbortSignal,
): AsyncGenerator<DetectionResult, void, undefined> {
  if (signal?.aborted) return;
  const queue = new ResultQueue(WAITING);
  let ended: FramehubError | undefined;
  let wake = () => {};
  const unsubscribe = results.subscribe((result) => {
    queue.push(result);
    wake();
  });
  const forget = channel.onEnd((reason) => {
    ended = reason;
    wake();
  });
  const onAbort = () => wake();
  signal?.addEventListener('abort', onAbort);
  try {
    for (;;) {
      if (signal?.aborted) return;
      const next = queue.take();
      if (next !== undefined) {
        yield next.result;
        continue;
      }
      if (ended !== undefined) throw ended;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    forget();
    unsubscribe();
  }
}
