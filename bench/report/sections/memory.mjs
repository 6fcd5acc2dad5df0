// @ts-check
import { contestants, few, many, settle } from '../../measures/memory.mjs';
import { barChart } from '../bar-chart.mjs';
import { barsOf } from '../bars.mjs';
import { paragraphs, remarkList, showChart } from '../section.mjs';
import { figureTable } from '../tables.mjs';

/**
 * @param {import('../results.mjs').Kept} measured
 * @returns {import('../section.mjs').Section}
 */
export function memorySection({ figures, remarks }) {
  const bars = barsOf(figures, contestants, 'all', 'perViewer', 1 / 1024).map((bar) => ({
    ...bar,
    // An axis of powers has no place for nothing.
    summary: { ...bar.summary, min: Math.max(0.01, bar.summary.min) },
  }));
  const chart = barChart({
    title: 'Memory for each further viewer, KB (by powers of ten)',
    groups: [{ name: '', bars: bars.filter(({ id }) => id !== 'floor') }],
    powers: true,
  });
  const body = paragraphs([
    `Resident memory of all processes of a server that serves ${few} viewers for ${settle} s and then ${many} for ${settle} s; the difference, divided by ${many - few}. What the kernel keeps for a socket is in nobody’s figure.`,
    showChart('memory.svg', 'Memory for each further viewer'),
    figureTable(figures, contestants, 'all', [
      { figure: 'perViewer', head: 'KB for each further viewer', scale: 1 / 1024 },
      { figure: 'residentFew', head: `MB with ${few} viewers`, scale: 1e-6 },
      { figure: 'residentMany', head: `MB with ${many} viewers`, scale: 1e-6 },
    ]),
    remarkList(remarks),
  ]);
  return { title: 'Memory', body, charts: { 'memory.svg': chart } };
}
