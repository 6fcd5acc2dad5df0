// @ts-check
import { findFigure } from './figures.mjs';
import { summarize } from './statistics.mjs';

/**
 * The bars of one figure under one condition; contestants without a value have none.
 *
 * @param {readonly import('./figures.mjs').Figure[]} figures
 * @param {readonly import('./tables.mjs').Row[]} rows
 * @param {string} at
 * @param {string} figure
 * @param {number} [scale]
 */
export function barsOf(figures, rows, at, figure, scale = 1) {
  return rows.flatMap(({ id, name }) => {
    const values = findFigure(figures, id, at, figure)?.values ?? [];
    const summary = summarize(values.map((value) => (value === null ? null : value * scale)));
    return summary === undefined ? [] : [{ id, name, summary }];
  });
}
