// @ts-check

/**
 * @typedef {object} Figure  one thing that was measured of one contestant
 * @property {string} contestant  its id
 * @property {string} at          under what conditions, such as `200 viewers`
 * @property {string} figure      what, such as `cpuPerMb`
 * @property {(number | null)[]} values  one for each round; null: it gave none
 */

/** Collects what the rounds of a measure give, and what there is to say about it. */
export class Figures {
  /** @type {Figure[]} */
  figures = [];
  /** @type {Set<string>} */
  #remarks = new Set();

  get remarks() {
    return [...this.#remarks];
  }

  /**
   * @param {number} round  from 0
   * @param {string} contestant
   * @param {string} at
   * @param {Readonly<Record<string, number | undefined>>} values
   */
  add(round, contestant, at, values) {
    for (const [figure, value] of Object.entries(values)) {
      const known = findFigure(this.figures, contestant, at, figure);
      const entry = known ?? { contestant, at, figure, values: [] };
      if (known === undefined) this.figures.push(entry);
      while (entry.values.length < round) entry.values.push(null);
      entry.values[round] = value === undefined ? null : rounded(value);
    }
  }

  /** @param {string} text  a sentence; said twice it stands there once */
  remark(text) {
    this.#remarks.add(text);
  }
}

/**
 * @param {readonly Figure[]} figures
 * @param {string} contestant
 * @param {string} at
 * @param {string} figure
 */
export function findFigure(figures, contestant, at, figure) {
  return figures.find(
    (one) => one.contestant === contestant && one.at === at && one.figure === figure,
  );
}

/** Six digits are more than a noisy machine can tell. @param {number} value */
function rounded(value) {
  return Number(value.toPrecision(6));
}
