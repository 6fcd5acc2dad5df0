// @ts-check
import { findFigure } from './figures.mjs';
import { digits, times, withSpread } from './format.mjs';
import { ratios, summarize } from './statistics.mjs';

/**
 * @typedef {object} Target  a figure that framehub is to reach
 * @property {string} id       its heading in bench/notes.md
 * @property {string} measure
 * @property {string} figure   in words
 * @property {string} reach
 * @property {(figures: readonly import('./figures.mjs').Figure[]) => import('./statistics.mjs').Summary | undefined} measured
 * @property {(value: number) => boolean} isMet
 * @property {(value: number) => string} format
 */

/**
 * @param {string} contestant
 * @param {string} reference
 * @param {string} at
 * @param {string} figure
 * @returns {Target['measured']}
 */
const ratioOf = (contestant, reference, at, figure) => (figures) =>
  ratios(
    findFigure(figures, contestant, at, figure)?.values ?? [],
    findFigure(figures, reference, at, figure)?.values ?? [],
  );

/**
 * @param {string} contestant
 * @param {string} at
 * @param {string} figure
 * @param {number} [scale]
 * @returns {Target['measured']}
 */
const figureOf =
  (contestant, at, figure, scale = 1) =>
  (figures) => {
    const values = findFigure(figures, contestant, at, figure)?.values ?? [];
    return summarize(values.map((value) => (value === null ? null : value * scale)));
  };

/** @type {readonly Target[]} */
const targets = [
  {
    id: 'cpu-200',
    measure: 'cpu',
    figure: 'CPU per MB, 200 viewers, pictures in memory',
    reach: '≤ 1.3 × the floor',
    measured: ratioOf('framehub-app', 'floor', '200 viewers', 'cpuPerMb'),
    isMet: (value) => value <= 1.3,
    format: times,
  },
  {
    id: 'cpu-1',
    measure: 'cpu',
    figure: 'CPU per MB, 1 viewer of a webcam, everything counted',
    reach: '≤ 1.5 × uStreamer',
    measured: ratioOf('framehub-webcam', 'ustreamer', '1 viewer', 'cpuPerMb'),
    isMet: (value) => value <= 1.5,
    format: times,
  },
  ...['4 Mbit/s, bursts of 16 KB', '4 Mbit/s'].map((at) => ({
    id: at === '4 Mbit/s' ? 'link' : 'link-bursts',
    measure: 'link',
    figure: `age over ${at}, median`,
    reach: '≤ 0.35 × uStreamer',
    measured: ratioOf('framehub-option', 'ustreamer', at, 'age'),
    isMet: (/** @type {number} */ value) => value <= 0.35,
    format: times,
  })),
  {
    id: 'link-auto',
    measure: 'link',
    figure: 'the same with a variant that fits the link (`quality=auto`)',
    reach: '≤ 150 ms',
    measured: figureOf('framehub-auto', '4 Mbit/s', 'age'),
    isMet: (value) => value <= 150,
    format: (value) => `${digits(value)} ms`,
  },
  {
    id: 'latency',
    measure: 'latency',
    figure: 'latency p99, 200 viewers',
    reach: '≤ uStreamer',
    measured: ratioOf('framehub-webcam', 'ustreamer', '200 viewers', 'p99'),
    isMet: (value) => value <= 1,
    format: times,
  },
  ...[
    { id: 'memory', contestant: 'framehub-app', pictures: 'in memory' },
    { id: 'memory-webcam', contestant: 'framehub-webcam', pictures: 'of a webcam' },
  ].map(({ id, contestant, pictures }) => ({
    id,
    measure: 'memory',
    figure: `memory for each further viewer, pictures ${pictures}`,
    reach: '≤ 64 KB',
    measured: figureOf(contestant, 'all', 'perViewer', 1 / 1024),
    isMet: (/** @type {number} */ value) => value <= 64,
    format: (/** @type {number} */ value) => `${digits(value)} KB`,
  })),
  {
    id: 'variants',
    measure: 'variants',
    figure: 'encodes for each picture, 100 viewers of `?width=640`',
    reach: '1',
    measured: figureOf('framehub-app', '?width=640', 'encodesPerFrame'),
    // The counts are read from outside, between two pictures.
    isMet: (value) => Math.abs(value - 1) < 0.02,
    format: digits,
  },
  {
    id: 'parser',
    measure: 'parser',
    figure: 'multipart parser against copying into new memory',
    reach: '≥ 0.5 ×',
    measured: (figures) =>
      ratios(
        findFigure(figures, 'parser', 'all', 'parser')?.values ?? [],
        findFigure(figures, 'parser', 'all', 'copyChunks')?.values ?? [],
      ),
    isMet: (value) => value >= 0.5,
    format: times,
  },
];

/**
 * @param {import('./results.mjs').Results} results
 * @returns {{ target: Target, text: string, met: boolean | undefined }[]}  undefined: not measured
 */
export function judge(results) {
  return targets.map((target) => {
    const summary = target.measured(results[target.measure]?.figures ?? []);
    return {
      target,
      text: summary === undefined ? 'not measured' : withSpread(summary, target.format),
      met: summary === undefined ? undefined : target.isMet(summary.median),
    };
  });
}
