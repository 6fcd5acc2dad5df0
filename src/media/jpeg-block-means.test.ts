import fc from 'fast-check';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { demoPictures } from '../../test/support/jpegs.ts';
import { blockMeans } from './jpeg-block-means.ts';

const [street = Buffer.alloc(0)] = demoPictures();

/** The means, computed from all pixels. */
async function fromPixels(
  jpeg: Buffer,
): Promise<{ data: number[]; width: number; height: number }> {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  const [width, height] = [Math.ceil(info.width / 8), Math.ceil(info.height / 8)];
  const sums = new Float64Array(width * height);
  const counts = new Float64Array(width * height);
  for (let y = 0; y < info.height; y += 1) {
    for (let x = 0; x < info.width; x += 1) {
      const [red = 0, green = red, blue = red] = data.subarray(
        (y * info.width + x) * info.channels,
      );
      const to = (y >> 3) * width + (x >> 3);
      sums[to] = (sums[to] ?? 0) + 0.299 * red + 0.587 * green + 0.114 * blue;
      counts[to] = (counts[to] ?? 0) + 1;
    }
  }
  return { data: [...sums].map((sum, index) => sum / (counts[index] ?? 1)), width, height };
}

/** How far the means are from those of the pixels, where all of a block is in the picture. */
async function errorOf(jpeg: Buffer): Promise<number> {
  const means = blockMeans(jpeg);
  const { data, width, height } = await fromPixels(jpeg);
  if (means === undefined) return Number.POSITIVE_INFINITY;
  expect(`${means.width}x${means.height}`).toBe(`${width}x${height}`);
  const errors = data.map((mean, index) => Math.abs(mean - (means.data[index] ?? 0)));
  const whole = errors.filter(
    (_, index) => index % width < width - 1 && Math.floor(index / width) < height - 1,
  );
  return whole.reduce((sum, error) => sum + error, 0) / whole.length;
}

it.each([
  ['as cameras send it', { quality: 80 }],
  ['without subsampled colour', { quality: 80, chromaSubsampling: '4:4:4' }],
  ['rough', { quality: 10 }],
  ['fine, with long codes', { quality: 100 }],
  ['with Huffman tables of its own', { quality: 80, optimizeCoding: true }],
])('the mean of each block is that of its pixels: %s', async (_, options) => {
  expect(await errorOf(await sharp(street).jpeg(options).toBuffer())).toBeLessThan(1.5);
});

it('a grey picture, and one whose size is no multiple of blocks', async () => {
  const grey = await sharp(street).toColourspace('b-w').jpeg().toBuffer();
  expect(await errorOf(grey)).toBeLessThan(1.5);
  for (const width of [761, 753]) {
    const odd = await sharp(street).resize(width, 571, { fit: 'fill' }).jpeg().toBuffer();
    expect(await errorOf(odd)).toBeLessThan(1.5);
  }
});

it('the pictures of the demo camera', async () => {
  expect(await errorOf(street)).toBeLessThan(1.5);
});

it('a progressive picture is not for it', async () => {
  const progressive = await sharp(street).jpeg({ progressive: true }).toBuffer();
  expect(blockMeans(progressive)).toBeUndefined();
});

it('a picture that is cut off is not for it', () => {
  expect(blockMeans(street.subarray(0, street.length / 2))).toBeUndefined();
  expect(blockMeans(Buffer.alloc(0))).toBeUndefined();
});

it('no damage makes it throw, hang or answer another size', () => {
  const damage = fc.array(fc.tuple(fc.nat(street.length - 1), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 20,
  });
  const inHeaders = fc.array(fc.tuple(fc.nat(700), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(fc.oneof(damage, inHeaders), (bytes) => {
      const damaged = Buffer.from(street);
      for (const [at, value] of bytes) damaged[at] = value;
      const means = blockMeans(damaged);
      if (means !== undefined) expect(means.data).toHaveLength(means.width * means.height);
    }),
    { numRuns: 200 },
  );
});
