// @ts-check
import { contestants, sizes, viewers } from '../../measures/cpu.mjs';
import { findFigure } from '../figures.mjs';
import { lineChart } from '../line-chart.mjs';
import { paragraphs, remarkList, showChart } from '../section.mjs';
import { summarize } from '../statistics.mjs';
import { ratioTable, valueTable } from '../tables.mjs';

/**
 * @param {import('../results.mjs').Kept} measured
 * @returns {import('../section.mjs').Section}
 */
export function cpuSection({ figures, remarks }) {
  const taken = sizes.filter((size) => figures.some(({ at }) => at === viewers(size)));
  const columns = taken.map(viewers);
  const options = { figures, rows: contestants, columns };
  const series = contestants.map(({ id, name }) => ({
    id,
    name,
    points: taken.flatMap((size) => {
      const values = findFigure(figures, id, viewers(size), 'cpuPerMb')?.values ?? [];
      const summary = summarize(values);
      return summary === undefined ? [] : [/** @type {const} */ ([size, summary.median])];
    }),
  }));
  const chart = lineChart({
    title: 'CPU-ms of the server for each MB delivered (by powers of ten)',
    x: 'viewers',
    powers: true,
    series: series.filter(({ points }) => points.length > 0),
  });
  const body = paragraphs([
    'What a server uses, user and kernel time of all its processes, for what its viewers got. Sending over the loopback address includes most of the work of receiving, for everybody alike.',
    showChart('cpu.svg', 'CPU time per MB by number of viewers'),
    'CPU-ms per MB delivered:',
    valueTable({ ...options, figure: 'cpuPerMb' }),
    'In proportion to the floor:',
    ratioTable({ ...options, figure: 'cpuPerMb', reference: 'floor' }),
    'In proportion to uStreamer:',
    ratioTable({ ...options, figure: 'cpuPerMb', reference: 'ustreamer' }),
    'CPU-µs per picture delivered:',
    valueTable({ ...options, figure: 'cpuPerFrame', scale: 1000 }),
    'Cores used:',
    valueTable({ ...options, figure: 'cores' }),
    'Delivered, % of the pictures that 30 a second for each viewer are:',
    valueTable({ ...options, figure: 'delivered', scale: 100 }),
    remarkList(remarks),
  ]);
  return { title: 'CPU time of delivery', body, charts: { 'cpu.svg': chart } };
}
