import sharp from 'sharp';
import { expect, it } from 'vitest';
import { withHuffmanTables } from './jpeg-tables.ts';

/** A JPEG whose tables are the typical ones, as a webcam's are. */
async function picture(): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  return sharp({ create: { width: 64, height: 48, channels: 3, background: '#46a', noise } })
    .jpeg({ optimizeCoding: false })
    .toBuffer();
}

/** The picture as many webcams send it. */
function withoutTables(jpeg: Buffer): Buffer {
  const kept = [jpeg.subarray(0, 2)];
  let at = 2;
  while (jpeg[at + 1] !== 0xda) {
    const end = at + 2 + jpeg.readUInt16BE(at + 2);
    if (jpeg[at + 1] !== 0xc4) kept.push(jpeg.subarray(at, end));
    at = end;
  }
  return Buffer.concat([...kept, jpeg.subarray(at)]);
}

it('a picture with tables is handed on as it is', async () => {
  const whole = await picture();
  expect(withHuffmanTables(whole)).toBe(whole);
});

it('a picture without tables gets those it was made with', async () => {
  const whole = await picture();
  const bare = withoutTables(whole);
  expect(bare.length).toBeLessThan(whole.length - 400);
  const mended = withHuffmanTables(bare);
  expect(mended.length).toBe(bare.length + 420);
  const pixels = (jpeg: Buffer) => sharp(jpeg).raw().toBuffer();
  expect(await pixels(mended)).toEqual(await pixels(whole));
});

it.each([
  ['nothing', ''],
  ['no JPEG', '00112233445566'],
  ['a JPEG that breaks off in its headers', 'ffd8ffe00010'],
  ['a segment longer than the picture', 'ffd8ffe0ffff00'],
])('%s is left alone', (_, hex) => {
  const bytes = Buffer.from(hex, 'hex');
  expect(withHuffmanTables(bytes)).toBe(bytes);
});
