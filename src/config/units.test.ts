import { expect, test } from 'vitest';
import { formatDuration, formatSize, parseDuration, parseSize } from './units.ts';

test.each([
  ['10s', 10_000],
  ['500ms', 500],
  ['2m', 120_000],
  ['1h', 3_600_000],
  ['1.5s', 1_500],
  [' 3s ', 3_000],
  ['0', 0],
  [0, 0],
  ['10', undefined],
  [10, undefined],
  ['-1s', undefined],
  ['1 s', undefined],
  ['1d', undefined],
  ['', undefined],
  ['constructor', undefined],
  [null, undefined],
])('the time %j is %j ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([
  ['16MB', 16 * 1024 * 1024],
  ['16mb', 16 * 1024 * 1024],
  ['1.5KB', 1536],
  ['7B', 7],
  ['70000', 70_000],
  [70_000, 70_000],
  ['1TB', undefined],
  [1.5, undefined],
  ['', undefined],
  [undefined, undefined],
])('the size %j is %j bytes', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test('values are written in the largest unit that fits', () => {
  expect([90_000, 60_000, 200, 0].map(formatDuration)).toEqual(['90s', '1m', '200ms', '0']);
  expect([2 ** 24, 65_536, 100].map(formatSize)).toEqual(['16MB', '64KB', '100B']);
});
