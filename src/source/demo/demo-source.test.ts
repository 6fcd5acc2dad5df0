import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { assetPath } from '../../media/assets.ts';
import { JpegSplitter } from '../../media/jpeg-splitter.ts';
import { sourceContract, take } from '../../source.contract.ts';
import type { SourceContext } from '../../source.ts';
import { demoSource } from './demo-source.ts';

const context: SourceContext = { camera: 'demo', ffmpeg: 'ffmpeg', maxPictureBytes: 1_000_000 };
const digest = (data: Buffer) => createHash('sha1').update(data).digest('hex');

sourceContract('demo:', async () => {
  const footage = await readFile(assetPath('demo/demo.mjpeg'));
  const digests = new JpegSplitter(context.maxPictureBytes).push(footage).map(digest);
  expect(digests).toHaveLength(120);
  return {
    open: () => demoSource.open('demo:', context),
    placeOf: ({ data }) => digests.indexOf(digest(data)),
    failing: {
      open: () => demoSource.open('demo:', { ...context, maxPictureBytes: 1_000 }),
      code: 'PICTURE_TOO_LARGE',
    },
  };
});

it('plays 10 pictures a second', async () => {
  const source = demoSource.open('demo:', context);
  const times: number[] = [];
  await take(source, 6, () => times.push(performance.now()));
  const took = (times.at(-1) ?? 0) - (times[0] ?? 0);
  expect(took).toBeGreaterThan(450);
  expect(took).toBeLessThan(950);
});

it('is written "demo:" and nothing else', () => {
  expect(demoSource.matches('demo:')).toBe(true);
  expect(demoSource.matches('demonstration')).toBe(false);
  expect(demoSource.isLocal('demo:')).toBe(false);
  expect(() => demoSource.open('demo:?fps=5', context)).toThrow(
    expect.objectContaining({ code: 'SOURCE_INVALID' }),
  );
});
