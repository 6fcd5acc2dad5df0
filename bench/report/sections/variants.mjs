// @ts-check
import { framehubApp } from '../../contestants/framehub.mjs';
import { cases, viewerCount } from '../../measures/variants.mjs';
import { findFigure } from '../figures.mjs';
import { markdownTable, withSpread } from '../format.mjs';
import { paragraphs, remarkList } from '../section.mjs';
import { summarize } from '../statistics.mjs';

const columns = [
  { figure: 'encodesPerFrame', head: 'encodes for each picture of the camera' },
  { figure: 'cores', head: 'cores used' },
  { figure: 'frameBytes', head: 'bytes of a picture' },
  { figure: 'delivered', head: '% of the pictures delivered', scale: 100 },
];

/**
 * @param {import('../results.mjs').Kept} measured
 * @returns {import('../section.mjs').Section}
 */
export function variantsSection({ figures, remarks }) {
  const rows = cases.map(({ at }) => [
    at,
    ...columns.map(({ figure, scale = 1 }) => {
      const values = findFigure(figures, framehubApp.id, at, figure)?.values ?? [];
      return withSpread(summarize(values.map((value) => (value === null ? null : value * scale))));
    }),
  ]);
  const body = paragraphs([
    `${viewerCount} viewers of framehub that take the pictures as they come, and ${viewerCount} that want them 640 pixels wide. Encodes are counted by the server itself (\`/api/cameras\`).`,
    markdownTable(['', ...columns.map(({ head }) => head)], rows),
    remarkList(remarks),
  ]);
  return { title: 'Smaller pictures for many', body, charts: {} };
}
