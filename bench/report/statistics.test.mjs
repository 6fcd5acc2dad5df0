import { expect, test } from 'vitest';
import { linearFit, median, ratios, summarize } from './statistics.mjs';

test('a median is the middle one, and the mean of two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([1, 2, 10, 4])).toBe(3);
});

test('a summary leaves out the rounds without a value', () => {
  expect(summarize([3, null, 1])).toEqual({ median: 2, min: 1, max: 3, count: 2 });
  expect(summarize([null])).toBeUndefined();
});

test('a ratio compares what was measured in the same round', () => {
  expect(ratios([2, 40, 9], [1, 20, null])).toEqual({ median: 2, min: 2, max: 2, count: 2 });
});

test('a line through noisy points has their slope', () => {
  const fit = linearFit([
    [0, 10],
    [1, 13],
    [2, 11],
    [3, 14],
  ]);
  expect(fit.slope).toBeCloseTo(1);
  expect(fit.start).toBeCloseTo(10.5);
});
