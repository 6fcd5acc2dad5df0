const FIRST = 500;
const LONGEST = 5_000;

/** Wait before attempt `attempt` (from 0), ms: 0.5 s doubling to 5 s, ± 20 % so that pages spread out. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  return Math.min(LONGEST, FIRST * 2 ** Math.min(attempt, 10)) * (0.8 + 0.4 * random());
}
