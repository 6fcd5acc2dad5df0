import type { FramehubError } from '../errors.ts';
import type { Frame } from '../frame.ts';
import type { Channel } from './channel.ts';
import type { ReaderIdentity } from './reader.ts';

/**
 * The camera's frames for a `for await` loop: each turn gets the newest one not yet seen, and what
 * passes while the body is busy is skipped. Starts the camera, and lets it go when the loop is left.
 *
 * @throws the reason when the camera is removed; returns when `signal` aborts
 */
export async function* readFrames(
  channel: Channel,
  identity: ReaderIdentity,
  signal?: AbortSignal,
): AsyncGenerator<Frame, void, undefined> {
  if (signal?.aborted) return;
  let next: Frame | undefined;
  let ended: FramehubError | undefined;
  let wake: (() => void) | undefined;
  const reader = channel.read(identity, {
    deliver: (frame) => {
      next = frame;
      wake?.();
    },
    statusChanged: () => {},
    ended: (reason) => {
      ended = reason;
      wake?.();
    },
  });
  const onAbort = () => wake?.();
  signal?.addEventListener('abort', onAbort);
  try {
    for (;;) {
      reader.pull();
      if (next === undefined && ended === undefined && !signal?.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (signal?.aborted) return;
      if (ended !== undefined) throw ended;
      if (next === undefined) continue;
      const frame: Frame = next;
      next = undefined;
      reader.delivered(frame, frame.data.length);
      yield frame;
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    reader.close();
  }
}
