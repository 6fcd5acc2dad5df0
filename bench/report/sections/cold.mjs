// @ts-check
import { contestants, ffmpegAlone } from '../../measures/cold.mjs';
import { paragraphs, remarkList } from '../section.mjs';
import { figureTable } from '../tables.mjs';

/**
 * @param {import('../results.mjs').Kept} measured
 * @returns {import('../section.mjs').Section}
 */
export function coldSection({ figures, remarks }) {
  const rows = [...contestants, ffmpegAlone];
  const body = paragraphs([
    'From the connect of the first viewer to the end of its first real picture, while the server runs and nobody has watched. Only framehub opens the camera for that; the others have it open all the time, and what that costs is in the next section. FFmpeg alone: from its start to the first picture of the same camera.',
    figureTable(figures, rows, 'all', [
      { figure: 'firstPicture', head: 'first picture after, ms' },
      { figure: 'firstAge', head: 'its age then, ms' },
    ]),
    remarkList(remarks),
  ]);
  return { title: 'The first picture of a cold camera', body, charts: {} };
}
