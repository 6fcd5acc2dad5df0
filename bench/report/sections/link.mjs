// @ts-check
import { cases, contestants, optionValues } from '../../measures/link.mjs';
import { barChart } from '../bar-chart.mjs';
import { barsOf } from '../bars.mjs';
import { paragraphs, remarkList, showChart } from '../section.mjs';
import { ratioTable, valueTable } from '../tables.mjs';

/**
 * @param {import('../results.mjs').Kept} measured
 * @returns {import('../section.mjs').Section}
 */
export function linkSection({ figures, remarks }) {
  const title = 'Age of the picture over a slow link';
  const columns = cases.map(({ at }) => at).filter((at) => figures.some((one) => one.at === at));
  if (columns.length === 0) return { title, body: remarkList(remarks), charts: {} };
  const tried = [...new Set(figures.map(({ contestant }) => contestant))]
    .filter((id) => !contestants.some((known) => known.id === id))
    .map((id) => id.replace('framehub-option-', ''));
  const rows = [...contestants, ...optionValues(tried)];
  const options = { figures, rows, columns };
  const groups = columns.map((name) => ({ name, bars: barsOf(figures, rows, name, 'age') }));
  const chart = barChart({ title: 'Age of a picture on arrival, ms (median)', groups });
  const body = paragraphs([
    'One viewer for each server, over a link of its own between two network namespaces, which is slower than the camera: the pictures need 10.8 Mbit/s, and one of 45 KB takes 90 ms over 4 Mbit/s when nothing is in front of it. The link is `tbf` on the server’s side, where what would wait for longer than 50 ms is dropped. `tbf` lets through at once what it saved up in silence: with bursts of 16 KB a small picture passes as if there were no slow link, otherwise it saves up two packets (3,200 bytes), as a cable would.',
    showChart('link.svg', 'Age of pictures over slow links'),
    'Age on arrival, median, ms:',
    valueTable({ ...options, figure: 'age' }),
    'In proportion to uStreamer:',
    ratioTable({ ...options, figure: 'age', reference: 'ustreamer' }),
    'Age on arrival, p99, ms:',
    valueTable({ ...options, figure: 'ageP99' }),
    'Pictures a second:',
    valueTable({ ...options, figure: 'fps' }),
    'Size of a picture, KB:',
    valueTable({ ...options, figure: 'frameBytes', scale: 1e-3 }),
    remarkList(remarks),
  ]);
  return { title, body, charts: { 'link.svg': chart } };
}
