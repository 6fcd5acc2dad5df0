const DAY = 24 * 60 * 60 * 1000;

/**
 * When a picture was captured, ms since the epoch: what the camera says in X-Timestamp (seconds with
 * decimals, as mjpg-streamer and uStreamer write it) or, where that is missing or more than a day
 * off, now. Some cameras count the seconds since they were switched on.
 */
export function capturedAt(timestamp: string | undefined, now: number = Date.now()): number {
  if (timestamp === undefined || !/^\d{1,12}(?:\.\d+)?$/.test(timestamp)) return now;
  const told = Number(timestamp) * 1000;
  return Math.abs(told - now) <= DAY ? told : now;
}
