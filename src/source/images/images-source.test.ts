import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assetPath } from '../../media/assets.ts';
import { sourceContract, take } from '../../source.contract.ts';
import type { Source, SourceContext } from '../../source.ts';
import { imagesSource } from './images-source.ts';

const context: SourceContext = { camera: 'images', ffmpeg: 'ffmpeg', maxPictureBytes: 1_000_000 };
const open = (text: string): Source => imagesSource.open(text, context);
const shipped = (number: number) => readFile(assetPath(`images/${number}.jpg`));

sourceContract('images:', async () => {
  const pictures = await Promise.all([1, 2, 3].map(shipped));
  return {
    open: () => open('images:?fps=50'),
    // Looped, so the second time round comes after the first.
    placeOf: ({ data }, index) =>
      Math.floor(index / 3) * 3 + pictures.findIndex((picture) => picture.equals(data)),
    failing: { open: () => open('images:/no/such/folder'), code: 'SOURCE_NOT_FOUND' },
  };
});

describe('images', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'framehub-images-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const failure = (source: Source) =>
    take(source, 100).then(
      () => new Error('expected a failure'),
      (error: unknown) => error,
    );

  it('three pictures of 640x480 are shipped, shown one a second', async () => {
    expect(open('images:').interval).toBe(1000);
    for (const number of [1, 2, 3]) {
      const { width, height, format } = await sharp(await shipped(number)).metadata();
      expect({ width, height, format }).toEqual({ width: 640, height: 480, format: 'jpeg' });
    }
  });

  it('files come in name order, 2 before 10, and only JPEG files', async () => {
    for (const name of ['10.jpg', '9.JPEG', '2.jpg', 'notes.txt']) {
      await writeFile(join(folder, name), name);
    }
    await mkdir(join(folder, '1.jpg'));
    const pictures = await take(open(`images:${folder}?fps=60`), 4);
    expect(pictures.map(({ data }) => data.toString())).toEqual([
      '2.jpg',
      '9.JPEG',
      '10.jpg',
      '2.jpg',
    ]);
  });

  it('files that come and go while it plays are taken up at the next loop', async () => {
    await writeFile(join(folder, '1.jpg'), 'one');
    await writeFile(join(folder, '2.jpg'), 'two');
    const source = open(`images:${folder}?fps=50`);
    const seen: string[] = [];
    const abort = new AbortController();
    for await (const { data } of source.frames(abort.signal, 1)) {
      seen.push(data.toString());
      if (seen.length === 1) {
        await rm(join(folder, '2.jpg'));
        await writeFile(join(folder, '3.jpg'), 'three');
      }
      if (seen.length === 3) abort.abort();
    }
    expect(seen).toEqual(['one', 'one', 'three']);
  });

  it('a folder that is missing, a file or without pictures is SOURCE_NOT_FOUND and says which', async () => {
    await copyFile(assetPath('images/README.md'), join(folder, 'README.md'));
    expect(await failure(open(`images:${folder}/nowhere`))).toMatchObject({
      code: 'SOURCE_NOT_FOUND',
      message: `Expected a folder at ${folder}/nowhere, but there is none.`,
    });
    expect(await failure(open(`images:${folder}/README.md`))).toMatchObject({
      code: 'SOURCE_NOT_FOUND',
      message: `Expected a folder at ${folder}/README.md, but it is a file.`,
    });
    expect(await failure(open(`images:${folder}`))).toMatchObject({
      code: 'SOURCE_NOT_FOUND',
      message: `Expected JPEG files (.jpg or .jpeg) in the folder ${folder}, but it holds none.`,
    });
  });

  it('a file above maxPictureBytes is PICTURE_TOO_LARGE', async () => {
    await writeFile(join(folder, '1.jpg'), Buffer.alloc(101));
    const source = imagesSource.open(`images:${folder}`, { ...context, maxPictureBytes: 100 });
    expect(await failure(source)).toMatchObject({
      code: 'PICTURE_TOO_LARGE',
      message: expect.stringContaining('101'),
    });
  });

  it('only a named folder is local', () => {
    expect(imagesSource.isLocal('images:./here?fps=2')).toBe(true);
    expect(imagesSource.isLocal('images:?fps=2')).toBe(false);
    expect(imagesSource.isLocal('images:')).toBe(false);
  });

  it('a bad fps is SOURCE_INVALID', () => {
    expect(() => open('images:?fps=0')).toThrow(
      expect.objectContaining({ code: 'SOURCE_INVALID', message: expect.stringContaining('0.01') }),
    );
  });
});
