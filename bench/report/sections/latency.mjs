// @ts-check
import { viewers } from '../../measures/cpu.mjs';
import { contestants, sizes } from '../../measures/latency.mjs';
import { barChart } from '../bar-chart.mjs';
import { barsOf } from '../bars.mjs';
import { paragraphs, remarkList, showChart } from '../section.mjs';
import { ratioTable, valueTable } from '../tables.mjs';

/**
 * @param {import('../results.mjs').Kept} measured
 * @returns {import('../section.mjs').Section}
 */
export function latencySection({ figures, remarks }) {
  const columns = sizes.map(viewers);
  const options = { figures, rows: contestants, columns };
  const groups = columns.flatMap((at) =>
    ['p50', 'p99'].map((figure) => ({
      name: `${at}, ${figure}`,
      bars: barsOf(figures, contestants, at, figure),
    })),
  );
  const chart = barChart({
    title: 'From capture to arrival, ms (by powers of ten)',
    groups,
    powers: true,
  });
  const body = paragraphs([
    'From the moment the driver of the virtual camera hands a picture to the program, which is written into the picture, to the moment a viewer has all of it; every picture of every viewer counts. The floor and the Flask design have no camera: they take the time when they pick up a file.',
    showChart('latency.svg', 'Latency of each contestant'),
    'p50, ms:',
    valueTable({ ...options, figure: 'p50' }),
    'p99, ms:',
    valueTable({ ...options, figure: 'p99' }),
    'p99 in proportion to uStreamer:',
    ratioTable({ ...options, figure: 'p99', reference: 'ustreamer' }),
    'Worst of all, ms:',
    valueTable({ ...options, figure: 'max' }),
    remarkList(remarks),
  ]);
  return { title: 'Latency', body, charts: { 'latency.svg': chart } };
}
