/** First wait, ms. */
const FIRST = 500;
/** Longest wait, ms: a camera that comes back is on screen within half a minute. */
const LONGEST = 30_000;

/**
 * How long to wait before attempt `attempt` (from 1), ms: doubling from half a second to 30 s, with
 * up to a quarter taken off at random so that cameras behind one switch don't return in step.
 */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const wait = Math.min(LONGEST, FIRST * 2 ** Math.min(attempt - 1, 10));
  return Math.round(wait * (1 - 0.25 * random()));
}
