// @ts-check

/**
 * The middle one, or the mean of the two in the middle; NaN of nothing.
 *
 * @param {readonly number[]} values
 */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const above = sorted[Math.floor(middle)] ?? Number.NaN;
  return sorted.length % 2 === 1 ? above : (above + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/**
 * @typedef {object} Summary
 * @property {number} median
 * @property {number} min
 * @property {number} max
 * @property {number} count
 */

/**
 * Of the rounds that gave a value.
 *
 * @param {readonly (number | null)[]} values  null: nothing in this round
 * @returns {Summary | undefined}
 */
export function summarize(values) {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return undefined;
  const [min, max] = [Math.min(...known), Math.max(...known)];
  return { median: median(known), min, max, count: known.length };
}

/**
 * Each round's value divided by the reference's of the same round, so that what disturbed the
 * machine at that time disturbed both.
 *
 * @param {readonly (number | null)[]} values
 * @param {readonly (number | null)[]} reference
 * @returns {Summary | undefined}
 */
export function ratios(values, reference) {
  return summarize(
    values.map((value, round) => {
      const other = reference[round] ?? null;
      return value === null || other === null || other === 0 ? null : value / other;
    }),
  );
}

/**
 * The straight line that fits best: what `y` grows by for each 1 of `x`, and where it begins.
 *
 * @param {readonly (readonly [x: number, y: number])[]} points  at least two
 */
export function linearFit(points) {
  const n = points.length;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  let above = 0;
  let below = 0;
  for (const [x, y] of points) {
    above += (x - meanX) * (y - meanY);
    below += (x - meanX) ** 2;
  }
  const slope = above / below;
  return { slope, start: meanY - slope * meanX };
}
