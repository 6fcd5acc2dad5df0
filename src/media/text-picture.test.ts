import sharp from 'sharp';
import { expect, it } from 'vitest';
import { placeholderPicture } from './text-picture.ts';

const words = {
  title: 'front door is not available',
  lines: ['The camera refused the connection.', 'since 14:03:22'],
};

/** How many pixels are as bright as letters are, and the rows and columns they lie in. */
async function letters(jpeg: Buffer) {
  const { data, info } = await sharp(jpeg).greyscale().raw().toBuffer({ resolveWithObject: true });
  const at = [...data.keys()].filter((index) => (data[index] ?? 0) > 130);
  const rows = at.map((index) => Math.floor(index / info.width));
  const columns = at.map((index) => index % info.width);
  return {
    count: at.length,
    top: rows.at(0) ?? 0,
    bottom: rows.at(-1) ?? 0,
    left: columns.reduce((least, x) => Math.min(least, x), info.width),
    right: columns.reduce((most, x) => Math.max(most, x), 0),
  };
}

it.each([
  [160, 120],
  [320, 240],
  [480, 640],
  [1280, 720],
  [1920, 1080],
])('has the size of the stream, %ix%i, with centred words inside', async (width, height) => {
  const jpeg = await placeholderPicture({ width, height, ...words });
  const metadata = await sharp(jpeg).metadata();
  expect([metadata.format, metadata.width, metadata.height]).toEqual(['jpeg', width, height]);
  const { count, top, bottom, left, right } = await letters(jpeg);
  expect(count).toBeGreaterThan(300);
  expect(top).toBeGreaterThan(0);
  expect(bottom).toBeLessThan(height - 1);
  expect(left).toBeGreaterThan(0);
  expect(Math.abs(left - (width - 1 - right))).toBeLessThan(width * 0.03);
});

it('markup, control characters and broken text are drawn as text', async () => {
  const hostile = ['<b>', '&amp;', 'a & b < c', '</span>', 'nul \0 bell \x07', 'half \ud800 pair'];
  for (const text of hostile) {
    const jpeg = await placeholderPicture({ width: 640, height: 360, title: text, lines: [text] });
    expect((await letters(jpeg)).count, text).toBeGreaterThan(100);
  }
});

it('long text is wrapped, made smaller and cut until it fits', async () => {
  const lines = Array.from(
    { length: 20 },
    () => `http://camera.example/${'very-long/'.repeat(100)}`,
  );
  for (const [width, height] of [
    [160, 120],
    [640, 360],
    [64, 640],
  ] as const) {
    const jpeg = await placeholderPicture({ width, height, title: 'long '.repeat(200), lines });
    const { top, bottom, left, right } = await letters(jpeg);
    expect(top).toBeGreaterThan(0);
    expect(bottom).toBeLessThan(height - 1);
    expect(left).toBeGreaterThan(0);
    expect(right).toBeLessThan(width - 1);
  }
});

it('no words, or no room for any, leave the picture empty', async () => {
  const empty = await placeholderPicture({ width: 320, height: 240, title: ' ', lines: [''] });
  expect((await letters(empty)).count).toBe(0);
  for (const [width, height] of [
    [1, 1],
    [8, 8],
    [2000, 4],
  ] as const) {
    const tiny = await placeholderPicture({ width, height, ...words });
    expect(await sharp(tiny).metadata()).toMatchObject({ format: 'jpeg', width, height });
  }
});

it('a size that would take gigabytes is drawn smaller in the same shape', async () => {
  const jpeg = await placeholderPicture({ width: 65_535, height: 32_768, title: 'x', lines: [] });
  const { width, height } = await sharp(jpeg).metadata();
  expect(width * height).toBeLessThan(36_000_000);
  expect(width / height).toBeCloseTo(2, 1);
});
