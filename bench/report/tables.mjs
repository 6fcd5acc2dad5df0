// @ts-check
import { findFigure } from './figures.mjs';
import { markdownTable, times, withSpread } from './format.mjs';
import { ratios, summarize } from './statistics.mjs';

/**
 * @typedef {object} Row  a contestant
 * @property {string} id
 * @property {string} name
 */

/**
 * @typedef {object} TableOptions
 * @property {readonly import('./figures.mjs').Figure[]} figures
 * @property {readonly Row[]} rows
 * @property {readonly string[]} columns  conditions, the `at` of figures
 * @property {string} figure
 * @property {number} [scale]     values are multiplied by it
 */

/**
 * One figure: contestants down, conditions across, medians with their spread.
 *
 * @param {TableOptions} options
 */
export function valueTable({ figures, rows, columns, figure, scale = 1 }) {
  return table(rows, columns, (row, at) => {
    const values = findFigure(figures, row.id, at, figure)?.values ?? [];
    return withSpread(summarize(values.map((value) => (value === null ? null : value * scale))));
  });
}

/**
 * The same figure in proportion to that of one contestant, round by round.
 *
 * @param {TableOptions & { reference: string }} options
 */
export function ratioTable({ figures, rows, columns, figure, reference }) {
  return table(rows, columns, (row, at) => {
    const values = findFigure(figures, row.id, at, figure)?.values ?? [];
    const others = findFigure(figures, reference, at, figure)?.values ?? [];
    const summary = ratios(values, others);
    return summary === undefined ? '–' : withSpread(summary, times);
  });
}

/**
 * Several figures of one condition: contestants down, figures across.
 *
 * @param {readonly import('./figures.mjs').Figure[]} figures
 * @param {readonly Row[]} rows
 * @param {string} at
 * @param {readonly { figure: string, head: string, scale?: number }[]} columns
 */
export function figureTable(figures, rows, at, columns) {
  const body = rows.map((row) => [
    row.name,
    ...columns.map(({ figure, scale = 1 }) => {
      const values = findFigure(figures, row.id, at, figure)?.values ?? [];
      return withSpread(summarize(values.map((value) => (value === null ? null : value * scale))));
    }),
  ]);
  return markdownTable(['', ...columns.map(({ head }) => head)], body.filter(saysSomething));
}

/**
 * @param {readonly Row[]} rows
 * @param {readonly string[]} columns
 * @param {(row: Row, at: string) => string} cell
 */
function table(rows, columns, cell) {
  const body = rows.map((row) => [row.name, ...columns.map((at) => cell(row, at))]);
  return markdownTable(['', ...columns], body.filter(saysSomething));
}

/** @param {readonly string[]} cells */
function saysSomething([, ...cells]) {
  return cells.some((cell) => cell !== '–');
}
