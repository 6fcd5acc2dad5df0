import type { CameraStatus } from '../../api/camera-status.ts';
import { FramehubError } from '../../errors.ts';
import type { Frame } from '../../frame.ts';
import type { Channel } from '../../hub/channel.ts';
import type { ReaderIdentity } from '../../hub/reader.ts';

export interface SnapshotOptions {
  /** A picture at most this old will do, ms. 0: only one that comes after the call. */
  readonly maxAge: number;
  /** Longest wait for a picture, ms. */
  readonly timeout: number;
  readonly identity: ReaderIdentity;
  /** Gives up early. */
  readonly signal?: AbortSignal;
}

/**
 * One picture that is as fresh as asked for, or the reason why there is none. Starts the camera if
 * need be, and counts as a reader meanwhile.
 *
 * @throws SNAPSHOT_UNAVAILABLE with the camera's own reason; CAMERA_NOT_FOUND when it is removed
 */
export function takeSnapshot(channel: Channel, options: SnapshotOptions): Promise<Frame> {
  const { latest } = channel;
  if (latest !== undefined && Date.now() - latest.capturedAt <= options.maxAge) {
    return Promise.resolve(latest);
  }
  return nextFrame(channel, latest?.seq ?? 0, options);
}

function nextFrame(channel: Channel, after: number, options: SnapshotOptions): Promise<Frame> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', onAbort);
      reader.close();
      finish();
    };
    const timer = setTimeout(() => {
      const waited = `No fresh picture within ${options.timeout / 1000} s`;
      settle(() => reject(unavailable(`${waited}: ${channel.status.reason}.`)));
    }, options.timeout);
    const onAbort = () => settle(() => reject(unavailable('The request was given up.')));
    options.signal?.addEventListener('abort', onAbort, { once: true });
    const askedAt = Date.now();
    let passed = 0;
    const reader = channel.read(options.identity, {
      deliver: (frame) => {
        // The first new one may have been captured before the call; the second was not, whatever
        // the clock of its camera says.
        const fresh =
          frame.seq > after && (frame.capturedAt >= askedAt - options.maxAge || passed > 0);
        if (!fresh) {
          if (frame.seq > after) passed += 1;
          reader.pull();
          return;
        }
        reader.delivered(frame, frame.data.length);
        settle(() => resolve(frame));
      },
      statusChanged: (status) => {
        const failure = hopeless(status);
        if (failure !== undefined) settle(() => reject(failure));
      },
      ended: (reason) => settle(() => reject(reason)),
    });
    const failure = hopeless(channel.status);
    if (options.signal?.aborted) onAbort();
    else if (failure !== undefined) settle(() => reject(failure));
    else reader.pull();
  });
}

/** The reason, when no picture is to be expected soon. */
function hopeless(status: CameraStatus): FramehubError | undefined {
  if (status.state === 'retrying') return unavailable(status.reason, status.help);
  if (status.state === 'off' && status.stopped) {
    return unavailable(`The camera is off: ${status.reason}.`);
  }
  return undefined;
}

function unavailable(reason: string, help?: string): FramehubError {
  return new FramehubError('SNAPSHOT_UNAVAILABLE', reason, help === undefined ? {} : { help });
}
