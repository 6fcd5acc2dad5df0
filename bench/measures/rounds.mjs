// @ts-check

/**
 * The contestants of a round: each round begins with another one, so that nobody is always first.
 *
 * @template T
 * @param {readonly T[]} contestants
 * @param {number} round
 * @returns {T[]}
 */
export function inTurn(contestants, round) {
  const first = round % contestants.length;
  return [...contestants.slice(first), ...contestants.slice(0, first)];
}
