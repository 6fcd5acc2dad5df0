// @ts-check
import { contestants } from '../../measures/idle.mjs';
import { paragraphs, remarkList } from '../section.mjs';
import { figureTable } from '../tables.mjs';

/**
 * @param {import('../results.mjs').Kept} measured
 * @returns {import('../section.mjs').Section}
 */
export function idleSection({ figures, remarks }) {
  const body = paragraphs([
    'A server that was watched once, while nobody watches. The Flask design has no camera that could be measured.',
    figureTable(figures, contestants, 'all', [
      { figure: 'cpuPerSecond', head: 'CPU-ms a second' },
      { figure: 'resident', head: 'MB of memory', scale: 1e-6 },
    ]),
    remarkList(remarks),
  ]);
  return { title: 'Nobody watches', body, charts: {} };
}
