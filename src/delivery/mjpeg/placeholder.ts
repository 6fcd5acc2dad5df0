import type { CameraStatus } from '../../api/camera-status.ts';
import { placeholderPicture } from '../../media/text-picture.ts';

/** The picture of a camera that has none: what it is doing, why, and since when. */
export function drawPlaceholder(
  size: { readonly width: number; readonly height: number },
  name: string,
  status: CameraStatus,
): Promise<Buffer> {
  const lines = [status.reason, `since ${clock(status.since)}`];
  if (status.state === 'retrying') lines.push(`next attempt at ${clock(status.nextAttemptAt)}`);
  const { width, height } = size;
  return placeholderPicture({ width, height, title: `${name} ${words[status.state]}`, lines });
}

const words: Record<CameraStatus['state'], string> = {
  off: 'is off',
  starting: 'is starting',
  live: 'is live',
  stalled: 'has stalled',
  retrying: 'is not available',
};

/** The server's time of day: a picture can't know its viewer's. */
function clock(time: number): string {
  return new Date(time).toTimeString().slice(0, 8);
}
