import sharp from 'sharp';
import { expect, it } from 'vitest';
import { smallLuma, stretchedRgb } from './pixels.ts';

/** Left half black, right half of this colour. */
async function halves(width: number, height: number, color: string): Promise<Buffer> {
  const black = { width, height, channels: 3, background: '#000000' } as const;
  const half = { ...black, width: width / 2, background: color };
  return await sharp({ create: black })
    .composite([{ input: { create: half }, left: width / 2, top: 0 }])
    .jpeg({ quality: 95 })
    .toBuffer();
}

it.each([
  [1280, 720, '160x90'],
  [1920, 1080, '240x135'],
  [768, 576, '192x144'],
  [640, 480, '160x120'],
  [160, 120, '160x120'],
  [64, 48, '64x48'],
])('a picture of %ix%i is looked at as %s', async (width, height, small) => {
  const picture = await smallLuma(await halves(width, height, '#ffffff'), width, 120);
  expect(`${picture.width}x${picture.height}`).toBe(small);
  expect(picture.data).toHaveLength(picture.width * picture.height);
  expect(picture.data[0]).toBeLessThan(10);
  expect(picture.data[picture.width - 1]).toBeGreaterThan(245);
});

it('green is brighter than red, and red than blue', async () => {
  const levels = [];
  for (const color of ['#00ff00', '#ff0000', '#0000ff']) {
    const { data } = await smallLuma(await halves(64, 48, color), 64, 120);
    levels.push(data[63]);
  }
  expect(levels).toEqual([...levels].sort((a, b) => Number(b) - Number(a)));
});

it('takes grey JPEG too', async () => {
  const create = { width: 640, height: 480, channels: 3, background: '#c0c0c0' } as const;
  const grey = await sharp({ create }).toColourspace('b-w').jpeg().toBuffer();
  const luma = await smallLuma(grey, 640, 120);
  expect([luma.data.length, luma.data[0]]).toEqual([160 * 120, 192]);
  const rgb = await stretchedRgb(grey, 30, 30);
  expect([rgb.data.length, ...rgb.data.subarray(0, 3)]).toEqual([2_700, 192, 192, 192]);
});

it('stretches without keeping the aspect ratio', async () => {
  const { data } = await stretchedRgb(await halves(400, 100, '#ff0000'), 30, 30);
  expect(data).toHaveLength(30 * 30 * 3);
  const [first, last] = [data.subarray(0, 3), data.subarray(-3)];
  expect(Math.max(...first)).toBeLessThan(16);
  expect(last[0]).toBeGreaterThan(240);
  expect(last[1]).toBeLessThan(16);
});
