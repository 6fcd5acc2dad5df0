import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { anyCuts, anyJpeg, cut, jpegLike } from '../../test/support/jpegs.ts';
import { FramehubError } from '../errors.ts';
import { JpegSplitter } from './jpeg-splitter.ts';

const shape = {
  width: 32,
  height: 24,
  application: new Uint8Array(),
  data: new Uint8Array(80).fill(7),
  restartEvery: 0,
  fill: 0,
};
const picture = jpegLike(shape);

/** Everything a splitter gives for these chunks, and how it ended. */
function split(chunks: readonly Buffer[], maxPictureBytes = 1 << 20) {
  const splitter = new JpegSplitter(maxPictureBytes);
  const pictures: Buffer[] = [];
  let held = 0;
  let end: number | string;
  try {
    for (const chunk of chunks) {
      pictures.push(...splitter.push(chunk));
      held = Math.max(held, splitter.held);
    }
    end = splitter.end();
  } catch (error) {
    if (!(error instanceof FramehubError)) throw error;
    end = error.code;
  }
  return { pictures: pictures.map((data) => data.toString('hex')), end, held };
}

describe('splitting JPEG pictures', () => {
  it('gives back real footage whole, byte for byte', () => {
    const footage = readFileSync(new URL('../../assets/demo/demo.mjpeg', import.meta.url));
    const splitter = new JpegSplitter(1 << 20);
    const pictures: Buffer[] = [];
    for (let at = 0; at < footage.length; at += 65_536) {
      pictures.push(...splitter.push(footage.subarray(at, at + 65_536)));
    }
    expect(pictures).toHaveLength(120);
    expect(Buffer.concat(pictures).equals(footage)).toBe(true);
    expect(splitter.end()).toBe(0);
  });

  it('gives back real progressive pictures, which have many scans', async () => {
    const raw = { width: 64, height: 48, channels: 3 } as const;
    const noise = Buffer.from(Array.from({ length: 64 * 48 * 3 }, (_, i) => (i * 7919) % 251));
    const jpeg = await sharp(noise, { raw }).jpeg({ progressive: true }).toBuffer();
    const { pictures, end } = split([Buffer.concat([jpeg, jpeg])]);
    expect(pictures).toEqual([jpeg.toString('hex'), jpeg.toString('hex')]);
    expect(end).toBe(0);
  });

  it('any split of the bytes gives the same pictures, whatever is between them', () => {
    const garbage = fc
      .uint8Array({ maxLength: 12 })
      .map((bytes) => bytes.filter((b) => b !== 0xff));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(garbage, anyJpeg), { minLength: 1, maxLength: 5 }),
        anyCuts,
        (items, places) => {
          const bytes = Buffer.concat(items.flat());
          const expected = items.map(([, jpeg]) => jpeg.toString('hex'));
          expect(split(cut(bytes, places))).toMatchObject({ pictures: expected, end: 0 });
        },
      ),
    );
  });

  it('any bytes, split anyhow, give the same, hold no more than the cap and fail only with a code', () => {
    const bits = fc.oneof(
      anyJpeg,
      anyJpeg.map((jpeg) => jpeg.subarray(0, jpeg.length / 2)),
      fc.uint8Array({ maxLength: 30 }),
      fc.constantFrom([0xff], [0xff, 0xd8], [0xff, 0xd9], [0xff, 0xda, 0, 2]).map(Buffer.from),
    );
    fc.assert(
      fc.property(
        fc.array(bits, { maxLength: 6 }),
        anyCuts,
        fc.constantFrom(1, 300, 5_000),
        (parts, places, cap) => {
          const bytes = Buffer.concat(parts);
          const whole = split([bytes], cap);
          const pieces = split(cut(bytes, places), cap);
          expect(pieces.pictures).toEqual(whole.pictures);
          expect(pieces.end).toEqual(whole.end);
          expect(pieces.held).toBeLessThanOrEqual(cap + 3);
          for (const hex of pieces.pictures) expect(hex.length / 2).toBeLessThanOrEqual(cap);
        },
      ),
    );
  });

  it('a picture that breaks off does not take the next one with it', () => {
    const half = picture.subarray(0, picture.length - 30);
    const { pictures } = split([Buffer.concat([half, picture])]);
    expect(pictures).toEqual([half.toString('hex'), picture.toString('hex')]);
  });

  it('tells how much of an unfinished picture was left over', () => {
    expect(split([picture, picture.subarray(0, 33)])).toMatchObject({ end: 33 });
  });

  it('a picture over the cap is refused after those before it, and again at every call', () => {
    const splitter = new JpegSplitter(picture.length);
    const large = jpegLike({ ...shape, data: new Uint8Array(81) });
    expect(splitter.push(Buffer.concat([picture, large, picture]))).toEqual([picture]);
    const codes = [() => splitter.push(picture), () => splitter.end()].map((call) => {
      try {
        return call();
      } catch (error) {
        return error instanceof FramehubError ? error.code : error;
      }
    });
    expect(codes).toEqual(['PICTURE_TOO_LARGE', 'PICTURE_TOO_LARGE']);
    expect(splitter.held).toBe(0);
  });

  it('what it gives is not changed by what comes later', () => {
    const splitter = new JpegSplitter(1 << 20);
    const chunk = Buffer.from(picture);
    const [first] = splitter.push(chunk);
    chunk.fill(0);
    splitter.push(jpegLike({ ...shape, data: new Uint8Array(500) }));
    expect(first).toEqual(picture);
  });
});
