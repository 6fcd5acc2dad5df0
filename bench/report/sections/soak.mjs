// @ts-check
import { framehubWebcam } from '../../contestants/framehub.mjs';
import { findFigure } from '../figures.mjs';
import { digits, markdownTable } from '../format.mjs';
import { lineChart } from '../line-chart.mjs';
import { paragraphs, remarkList, showChart } from '../section.mjs';

/**
 * @param {import('../results.mjs').Kept} measured
 * @returns {import('../section.mjs').Section}
 */
export function soakSection({ figures, remarks, series = [] }) {
  const value = (/** @type {string} */ figure) =>
    findFigure(figures, framehubWebcam.id, 'all', figure)?.values[0] ?? Number.NaN;
  const count = (/** @type {string} */ figure) => value(figure).toLocaleString('en');
  const chart = lineChart({
    title: 'Resident memory of framehub and its FFmpeg, MB',
    x: 'minutes',
    series: series.map(({ contestant, points }) => ({
      id: contestant,
      name: 'framehub, webcam',
      points: points.map(([x, y]) => /** @type {const} */ ([x, y / 1e6])),
    })),
  });
  const body = paragraphs([
    `${count('minutes')} minutes of a webcam with 50 MJPEG and 20 WebSocket viewers that stay 5 to 60 seconds each; one WebSocket in five vanishes without a word. The slope is a straight line through everything after the first fifth.`,
    showChart('soak.svg', 'Memory over time'),
    markdownTable(
      ['', ''],
      [
        ['memory slope, MB an hour', digits(value('slopePerHour') / 1e6)],
        [
          'memory at first and at last, MB',
          `${digits(value('residentAtFirst') / 1e6)}, ${digits(value('residentAtLast') / 1e6)}`,
        ],
        ['visits: MJPEG, WebSocket', `${count('mjpegVisits')}, ${count('socketVisits')}`],
        ['streams the server broke off', count('brokenOff')],
        ['open files more than before the first visit', count('filesMore')],
        ['readers left', count('readersLeft')],
      ],
    ),
    remarkList(remarks),
  ]);
  return { title: 'A long time', body, charts: { 'soak.svg': chart } };
}
