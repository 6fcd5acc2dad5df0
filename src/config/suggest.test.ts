import { expect, test } from 'vitest';
import { didYouMean, nearest } from './suggest.ts';

const known = ['host', 'port', 'dataDir', 'idleTimeout'];

test.each([
  ['prot', 'port'],
  ['PORT', 'port'],
  ['hots', 'host'],
  ['data-dir', 'dataDir'],
  ['idle_timout', 'idleTimeout'],
  ['zebra', undefined],
  ['', undefined],
  ['x'.repeat(10_000), undefined],
])('%j is near to %j', (word, near) => {
  expect(nearest(word, known)).toBe(near);
});

test('nothing is said where nothing is near', () => {
  expect(didYouMean('prot', known)).toBe('; did you mean "port"?');
  expect(didYouMean('zebra', known)).toBe('');
});
