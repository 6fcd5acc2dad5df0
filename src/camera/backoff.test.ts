import { expect, it } from 'vitest';
import { backoff } from './backoff.ts';

it('waits twice as long after each failure, and never longer than half a minute', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8, 1_000].map((attempt) => backoff(attempt, () => 0));
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

it('takes up to a quarter off at random, so that cameras do not return in step', () => {
  expect(backoff(1, () => 0.999)).toBeGreaterThanOrEqual(375);
  expect(backoff(1, () => 0.5)).toBeLessThan(500);
});
