import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { anyJpeg, demoPictures, jpegLike } from '../../test/support/jpegs.ts';
import { FramehubError } from '../errors.ts';
import { checkJpeg, readJpegSize } from './jpeg.ts';

const small = {
  width: 32,
  height: 24,
  application: new Uint8Array(),
  data: new Uint8Array(50),
  restartEvery: 0,
  fill: 0,
};

function errorOf(action: () => unknown): FramehubError {
  try {
    action();
  } catch (error) {
    if (error instanceof FramehubError) return error;
    throw error;
  }
  throw new Error('expected an error');
}

describe('checking a JPEG', () => {
  it.each([
    ['baseline', {}],
    ['progressive', { progressive: true }],
    ['with optimised tables', { optimizeCoding: true, mozjpeg: true }],
  ])('reads the size of a real one, %s', async (_name, options) => {
    const picture = await sharp({
      create: { width: 321, height: 123, channels: 3, background: '#456' },
    })
      .jpeg(options)
      .toBuffer();
    expect(checkJpeg(picture)).toEqual({ width: 321, height: 123 });
  });

  it('reads the size of the picture, not of its thumbnail', () => {
    const thumbnail = jpegLike({ ...small, width: 16, height: 12 });
    const picture = jpegLike({ ...small, width: 1920, height: 1080, application: thumbnail });
    expect(checkJpeg(picture)).toEqual({ width: 1920, height: 1080 });
  });

  it('forgives padding after the end', () => {
    for (const padding of [[0x0d, 0x0a], new Array(512).fill(0), [0xff, 0xff], [0x20]]) {
      expect(checkJpeg(Buffer.concat([jpegLike(small), Buffer.from(padding)]))).toEqual({
        width: 32,
        height: 24,
      });
    }
  });

  it('says what came instead of a JPEG', () => {
    const error = errorOf(() => checkJpeg(Buffer.from('<html>')));
    expect(error.code).toBe('PICTURE_INVALID');
    expect(error.message).toContain('3C 68 74 6D');
    expect(errorOf(() => checkJpeg(Buffer.alloc(0))).message).toContain('empty');
  });

  it('tells a picture that is cut off, wherever it is cut', () => {
    const [picture] = demoPictures();
    if (!picture) throw new Error('no footage');
    for (const length of [4, 30, 400, 5_000, picture.length - 2, picture.length - 1]) {
      expect(errorOf(() => checkJpeg(picture.subarray(0, length))).code).toBe('PICTURE_TRUNCATED');
    }
  });

  it('refuses a picture without a size and one of no size', () => {
    const noHeader = Buffer.from([0xff, 0xd8, 0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9]);
    expect(errorOf(() => checkJpeg(noHeader)).code).toBe('PICTURE_INVALID');
    expect(errorOf(() => checkJpeg(jpegLike({ ...small, height: 0 }))).message).toContain('32x0');
  });

  it('costs microseconds, for it does not look through the picture', () => {
    const picture = jpegLike({ ...small, data: new Uint8Array(400_000) });
    const began = performance.now();
    for (let i = 0; i < 5_000; i++) checkJpeg(picture);
    // Looking through 2 GB would take seconds.
    expect(performance.now() - began).toBeLessThan(200);
  });

  it('throws nothing but a FramehubError, whatever the bytes', () => {
    const damaged = fc
      .tuple(anyJpeg, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }))
      .map(([picture, changes]) => {
        for (const [at, byte] of changes) picture[at % picture.length] = byte;
        return picture;
      });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 60 })), (bytes) => {
        readJpegSize(bytes);
        try {
          const { width, height } = checkJpeg(bytes);
          expect(width * height).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(FramehubError);
        }
      }),
    );
  });
});
