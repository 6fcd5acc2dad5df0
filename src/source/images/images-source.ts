import { resolve } from 'node:path';
import { assetPath } from '../../media/assets.ts';
import { Pace } from '../../media/pace.ts';
import type { Source, SourceFrame, SourceKind } from '../../source.ts';
import { SourceQuery, splitQuery } from '../query.ts';
import { listPictures, readPicture } from './picture-folder.ts';

/**
 * `images:./dir?fps=1`: the JPEG files of a folder in name order, 2.jpg before 10.jpg, looped. The
 * folder is read again at each loop. Without a folder: three pictures shipped with the package.
 * `fps`: 0.01 to 60, default 1.
 */
export const imagesSource: SourceKind = {
  kind: 'images',
  usage: 'images:./dir?fps=1',
  matches: (text) => /^images:/i.test(text),
  isLocal: (text) => folderIn(text) !== '',
  open(text, { maxPictureBytes }): Source {
    const query = new SourceQuery('images', splitQuery(text).query, ['fps']);
    const fps = query.number('fps', { min: 0.01, max: 60 }) ?? 1;
    const named = folderIn(text);
    const folder = named === '' ? assetPath('images') : resolve(named);
    return {
      kind: 'images',
      label: text,
      interval: 1000 / fps,
      frames: (signal) => play(folder, fps, maxPictureBytes, signal),
    };
  },
};

function folderIn(text: string): string {
  return splitQuery(text).place.slice('images:'.length);
}

async function* play(
  folder: string,
  fps: number,
  maxPictureBytes: number,
  signal: AbortSignal,
): AsyncGenerator<SourceFrame, void> {
  const pace = new Pace(fps);
  while (!signal.aborted) {
    for (const path of await listPictures(folder)) {
      if (!(await pace.tick(signal))) return;
      const data = await readPicture(path, maxPictureBytes);
      if (signal.aborted) return;
      // Undefined: removed since the folder was listed.
      if (data !== undefined) yield { data };
    }
  }
}
