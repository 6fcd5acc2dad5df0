import sharp from 'sharp';
import { expect, it } from 'vitest';
import { readSeqMark } from './seq-mark.ts';
import { TestCard } from './test-card.ts';
import { testOptions } from './test-options.ts';

async function read(jpeg: Buffer, resizeTo?: number): Promise<number | undefined> {
  const image = sharp(jpeg).greyscale();
  if (resizeTo !== undefined) image.resize({ width: resizeTo });
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return readSeqMark(data, info.width, info.height);
}

const numbers = [0, 1, 2, 1_000_000, 0x5555_5555, 0xaaaa_aaaa, 0xffff_ffff];

it.each(['1280x720', '64x64', '3840x2160', '641x359'])(
  'the seq of a picture of %s is read from its JPEG',
  async (size) => {
    const card = await TestCard.create(testOptions(`test:?size=${size}`));
    for (const seq of numbers) expect(await read(await card.draw(seq, 0))).toBe(seq);
  },
);

it('the seq is read after the picture was made smaller and coarser', async () => {
  const card = await TestCard.create(testOptions('test:?size=1280x720'));
  for (const seq of numbers) {
    const coarse = await sharp(await card.draw(seq, 0))
      .resize({ width: 320 })
      .jpeg({ quality: 30 })
      .toBuffer();
    expect(await read(coarse)).toBe(seq);
    expect(await read(coarse, 160)).toBe(seq);
  }
});

it('a seq above 32 bits is marked modulo 2^32', async () => {
  const card = await TestCard.create(testOptions('test:?size=320x240'));
  expect(await read(await card.draw(2 ** 32 + 7, 0))).toBe(7);
});

it('a picture without a mark, or with a damaged one, is undefined', async () => {
  for (const level of [0, 128, 255]) {
    expect(readSeqMark(new Uint8Array(320 * 240).fill(level), 320, 240)).toBeUndefined();
  }
  const card = await TestCard.create(testOptions('test:?size=320x240'));
  const luma = await sharp(await card.draw(5, 0))
    .greyscale()
    .raw()
    .toBuffer();
  expect(readSeqMark(luma, 320, 240)).toBe(5);
  for (let y = 0; y < 12; y++) luma.fill(255, y * 320 + 64, y * 320 + 80);
  expect(readSeqMark(luma, 320, 240)).toBeUndefined();
});
