// @ts-check
import { linearScale, logScale } from './scale.mjs';
import { colourOf, line, mark, place, svg, text } from './svg.mjs';

const WIDTH = 760;
const HEIGHT = 400;
/** From one name to the next. */
const APART = 18;
const plot = { left: 70, right: 560, top: 60, bottom: 350 };

/**
 * @typedef {object} LineSeries
 * @property {string} id     of the contestant, for its colour
 * @property {string} name
 * @property {readonly (readonly [x: number, y: number])[]} points
 */

/**
 * @param {object} options
 * @param {string} options.title
 * @param {string} options.x       what goes to the right
 * @param {boolean} [options.powers]  both axes by powers; default: both from 0
 * @param {readonly LineSeries[]} options.series
 */
export function lineChart({ title, x, powers = false, series }) {
  const all = series.flatMap(({ points }) => points);
  const across = axis(
    all.map(([value]) => value),
    powers,
  );
  const up = axis(
    all.map(([, value]) => value),
    powers,
  );
  const toX = (/** @type {number} */ value) =>
    plot.left + across.place(value) * (plot.right - plot.left);
  const toY = (/** @type {number} */ value) =>
    plot.bottom - up.place(value) * (plot.bottom - plot.top);
  const marks = powers ? [...new Set(all.map(([value]) => value))] : across.ticks;
  return svg(WIDTH, HEIGHT, title, [
    ...up.ticks.flatMap((tick) => [
      line(plot.left, toY(tick), plot.right, toY(tick)),
      text(plot.left - 8, toY(tick) + 4, mark(tick), { anchor: 'end' }),
    ]),
    ...marks.map((tick) => text(toX(tick), plot.bottom + 20, mark(tick), { anchor: 'middle' })),
    text((plot.left + plot.right) / 2, plot.bottom + 42, x, { anchor: 'middle' }),
    ...series.map((one) => drawn(one, toX, toY)),
    ...names(series, toY),
  ]);
}

/** @param {readonly number[]} values @param {boolean} powers */
function axis(values, powers) {
  const most = Math.max(...values);
  return powers ? logScale(Math.min(...values), most) : linearScale(most);
}

/**
 * @param {LineSeries} series
 * @param {(value: number) => number} toX
 * @param {(value: number) => number} toY
 */
function drawn({ id, points }, toX, toY) {
  const places = points.map(([x, y]) => `${place(toX(x))},${place(toY(y))}`);
  const dots =
    points.length > 20
      ? []
      : points.map(
          ([x, y]) =>
            `<circle cx="${place(toX(x))}" cy="${place(toY(y))}" r="3" fill="${colourOf(id)}"/>`,
        );
  return `<polyline points="${places.join(' ')}" fill="none" stroke="${colourOf(id)}" stroke-width="2"/>${dots.join('')}`;
}

/**
 * Each name beside the end of its line, moved apart where they would touch.
 *
 * @param {readonly LineSeries[]} series
 * @param {(value: number) => number} toY
 */
function names(series, toY) {
  const ends = series
    .map(({ id, name, points }) => ({ id, name, y: toY(points.at(-1)?.[1] ?? 0) }))
    .sort((a, b) => a.y - b.y);
  // From below, so that no name gets in the way of the marks of the axis.
  let free = plot.bottom;
  return ends.reverse().map(({ id, name, y }) => {
    const at = Math.min(y, free);
    free = at - APART;
    return text(plot.right + 12, at + 4, name, { fill: colourOf(id), weight: 600 });
  });
}
