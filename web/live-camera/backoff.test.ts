import { expect, it } from 'vitest';
import { backoff } from './backoff.ts';

it('waits half a second first, doubles, and never waits much longer than five', () => {
  const waits = [0, 1, 2, 3, 4, 50].map((attempt) => backoff(attempt, () => 0.5));
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000]);
});

it('spreads pages that lost the server at the same moment', () => {
  expect(backoff(3, () => 0)).toBe(3_200);
  expect(backoff(3, () => 1)).toBeCloseTo(4_800);
});
