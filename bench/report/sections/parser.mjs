// @ts-check
import { ways } from '../../measures/parser.mjs';
import { findFigure } from '../figures.mjs';
import { markdownTable, times, withSpread } from '../format.mjs';
import { paragraphs, remarkList } from '../section.mjs';
import { ratios, summarize } from '../statistics.mjs';

/**
 * @param {import('../results.mjs').Kept} measured
 * @returns {import('../section.mjs').Section}
 */
export function parserSection({ figures, remarks }) {
  const values = (/** @type {string} */ way) =>
    findFigure(figures, 'parser', 'all', way)?.values ?? [];
  const rows = ways.map(({ id, name }) => [
    name,
    withSpread(summarize(values(id).map((value) => (value === null ? null : value / 1e9)))),
    id === 'parser' ? '' : withSpread(ratios(values('parser'), values(id)), times),
  ]);
  const body = paragraphs([
    'The parser that reads cameras’ streams, fed with 64 KB chunks of 45 KB pictures as a socket gives them. It hands each picture on in memory of its own, as a picture outlives the chunk it came in. So the fair comparison is copying the same bytes into new memory; a copy into one buffer that never leaves the processor’s cache is faster than any program that keeps what it reads.',
    markdownTable(['', 'GB a second', 'the parser is'], rows),
    remarkList(remarks),
  ]);
  return { title: 'The multipart parser', body, charts: {} };
}
