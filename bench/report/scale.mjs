// @ts-check

/**
 * @typedef {object} Scale
 * @property {(value: number) => number} place  0 to 1 along the axis
 * @property {number[]} ticks
 */

/**
 * An axis from 0.
 *
 * @param {number} most
 * @returns {Scale}
 */
export function linearScale(most) {
  const step = niceStep(most / 5);
  const end = Math.ceil(most / step) * step || 1;
  const ticks = Array.from({ length: Math.round(end / step) + 1 }, (_, index) => index * step);
  return { place: (value) => value / end, ticks };
}

/**
 * An axis of powers, for what differs by more than a person can see on another.
 *
 * @param {number} least  above 0
 * @param {number} most
 * @returns {Scale}
 */
export function logScale(least, most) {
  const [low, high] = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(most))];
  const from = steps.map((step) => step * 10 ** low).findLast((value) => value <= least) ?? least;
  const all = Array.from({ length: high - low + 1 }, (_, power) =>
    steps.map((step) => step * 10 ** (low + power)),
  ).flat();
  const to = all.find((value) => value >= most && value > from) ?? most;
  const span = Math.log10(to / from);
  const inside = all.filter((value) => value >= from && value <= to);
  // Too many lines say less than few.
  const ticks =
    inside.length > 9 ? inside.filter((value) => Number.isInteger(Math.log10(value))) : inside;
  return { place: (value) => Math.log10(value / from) / span, ticks };
}

const steps = [1, 2, 5];

/** @param {number} least */
function niceStep(least) {
  if (!(least > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return ([...steps, 10].find((step) => step * power >= least) ?? 10) * power;
}
