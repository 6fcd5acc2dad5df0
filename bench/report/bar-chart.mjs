// @ts-check
import { digits } from './format.mjs';
import { linearScale, logScale } from './scale.mjs';
import { colourOf, line, mark, place, svg, text } from './svg.mjs';

const WIDTH = 760;
const BAR = 22;
const GAP = 6;
const plot = { left: 210, right: 660, top: 44 };

/**
 * @typedef {object} Bar
 * @property {string} id     of the contestant, for its colour
 * @property {string} name
 * @property {import('./statistics.mjs').Summary} summary
 */

/**
 * Lying bars in groups, each with its value; a thin line shows the spread.
 *
 * @param {object} options
 * @param {string} options.title
 * @param {readonly { name: string, bars: readonly Bar[] }[]} options.groups
 * @param {boolean} [options.powers]  by powers of ten; default: from 0
 */
export function barChart({ title, groups, powers = false }) {
  const values = groups.flatMap(({ bars }) =>
    bars.flatMap(({ summary }) => [summary.min, summary.max]),
  );
  const scale = powers
    ? logScale(Math.min(...values), Math.max(...values))
    : linearScale(Math.max(...values));
  const toX = (/** @type {number} */ value) =>
    plot.left + Math.max(0.004, scale.place(value)) * (plot.right - plot.left);
  let y = plot.top;
  const content = groups.flatMap(({ name, bars }) => {
    const head = name === '' ? [] : [text(12, y + 16, name, { weight: 600 })];
    y += name === '' ? 4 : 26;
    const drawn = bars.flatMap((bar) => {
      const at = y;
      y += BAR + GAP;
      return drawBar(bar, at, toX);
    });
    y += 12;
    return [...head, ...drawn];
  });
  const ticks = scale.ticks.flatMap((tick) => [
    line(toX(tick), plot.top, toX(tick), y),
    text(toX(tick), y + 16, mark(tick), { anchor: 'middle' }),
  ]);
  return svg(WIDTH, y + 30, title, [...ticks, ...content]);
}

/**
 * @param {Bar} bar
 * @param {number} y
 * @param {(value: number) => number} toX
 */
function drawBar({ id, name, summary }, y, toX) {
  const { median, min, max } = summary;
  const width = place(toX(median) - plot.left);
  const middle = y + BAR / 2;
  return [
    text(plot.left - 8, middle + 4, name, { anchor: 'end' }),
    `<rect x="${plot.left}" y="${y}" width="${width}" height="${BAR}" rx="2" fill="${colourOf(id)}"/>`,
    line(toX(min), middle, toX(max), middle, '#0008'),
    text(toX(Math.max(median, max)) + 6, middle + 4, digits(median)),
  ];
}
