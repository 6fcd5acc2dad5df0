import { readFile } from 'node:fs/promises';
import { FramehubError } from '../../errors.ts';
import { assetPath } from '../../media/assets.ts';
import { JpegSplitter } from '../../media/jpeg-splitter.ts';
import { Pace } from '../../media/pace.ts';
import type { Source, SourceFrame, SourceKind } from '../../source.ts';

/** Pictures a second, as `assets/demo/README.md` says. */
const FPS = 10;

/** `demo:`: the footage shipped with the package, 768x576, looped. Needs nothing installed. */
export const demoSource: SourceKind = {
  kind: 'demo',
  usage: 'demo:',
  matches: (text) => /^demo:/i.test(text),
  isLocal: () => false,
  open(text, { maxPictureBytes }): Source {
    if (!/^demo:$/i.test(text)) {
      throw new FramehubError('SOURCE_INVALID', `"demo:" takes no options, but "${text}" came.`);
    }
    return {
      kind: 'demo',
      label: 'demo:',
      interval: 1000 / FPS,
      frames: (signal) => play(assetPath('demo/demo.mjpeg'), maxPictureBytes, signal),
    };
  },
};

async function* play(
  path: string,
  maxPictureBytes: number,
  signal: AbortSignal,
): AsyncGenerator<SourceFrame, void> {
  if (signal.aborted) return;
  const splitter = new JpegSplitter(maxPictureBytes);
  const pictures = splitter.push(await read(path));
  splitter.end();
  if (pictures.length === 0) {
    throw new FramehubError(
      'SOURCE_NOT_PICTURES',
      `Expected JPEG pictures in ${path}, found none.`,
      {
        help: 'Install framehub again: a file of the package is damaged.',
      },
    );
  }
  const pace = new Pace(FPS);
  for (;;) {
    for (const data of pictures) {
      if (!(await pace.tick(signal))) return;
      yield { data };
    }
  }
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new FramehubError('SOURCE_NOT_FOUND', `Expected the demo footage at ${path}.`, {
      help: 'Install framehub again: a file of the package is missing.',
      cause,
    });
  }
}
