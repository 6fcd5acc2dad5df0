/** More than this is not a late picture but a wrong clock, ms. */
const TRUSTED = 10_000;

/**
 * When a picture was captured, ms since the epoch: what the camera says in X-Timestamp (seconds with
 * decimals, as mjpg-streamer and uStreamer write it) or, where that is missing or more than ten
 * seconds off, now. Many cameras have no clock to speak of; some count from their start.
 */
export function capturedAt(timestamp: string | undefined, now: number = Date.now()): number {
  if (timestamp === undefined || !/^\d{1,12}(?:\.\d+)?$/.test(timestamp)) return now;
  const told = Number(timestamp) * 1000;
  return Math.abs(told - now) <= TRUSTED ? told : now;
}
