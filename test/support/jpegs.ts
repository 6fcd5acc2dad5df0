import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { JpegSplitter } from '../../src/media/jpeg-splitter.ts';

/** The pictures of the demo footage, 768x576. */
export function demoPictures(): Buffer[] {
  const footage = readFileSync(new URL('../../assets/demo/demo.mjpeg', import.meta.url));
  return new JpegSplitter(1 << 20).push(footage);
}

export interface JpegShape {
  readonly width: number;
  readonly height: number;
  /** Bytes of an application segment before the picture's own headers, where thumbnails are. */
  readonly application: Uint8Array;
  /** Entropy-coded data before stuffing. */
  readonly data: Uint8Array;
  /** A restart marker is set after so many bytes of data; 0: never. */
  readonly restartEvery: number;
  /** Fill bytes before the end marker. */
  readonly fill: number;
}

/** Bytes with the structure of a JPEG; they cannot be decoded. */
export function jpegLike(shape: JpegShape): Buffer {
  const data: number[] = [];
  for (const [index, byte] of shape.data.entries()) {
    if (shape.restartEvery > 0 && index > 0 && index % shape.restartEvery === 0) {
      data.push(0xff, 0xd0 + ((index / shape.restartEvery) % 8));
    }
    data.push(byte);
    if (byte === 0xff) data.push(0);
  }
  const size = Buffer.alloc(4);
  size.writeUInt16BE(shape.height, 0);
  size.writeUInt16BE(shape.width, 2);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe1, shape.application),
    segment(0xc0, Buffer.concat([Buffer.from([8]), size, Buffer.from([1, 1, 0x11, 0])])),
    segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    Buffer.from(data),
    Buffer.alloc(shape.fill, 0xff),
    Buffer.from([0xff, 0xd9]),
  ]);
}

function segment(marker: number, body: Uint8Array): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

const plain = fc.record({
  width: fc.integer({ min: 1, max: 65_535 }),
  height: fc.integer({ min: 1, max: 65_535 }),
  application: fc.uint8Array({ maxLength: 40 }),
  data: fc.uint8Array({ maxLength: 300 }),
  restartEvery: fc.constantFrom(0, 0, 7),
  fill: fc.constantFrom(0, 0, 2),
});

/** Any picture, often with a whole one (a thumbnail) inside its application segment. */
export const anyJpeg: fc.Arbitrary<Buffer> = fc
  .tuple(plain, fc.option(plain))
  .map(([shape, thumbnail]) =>
    jpegLike(thumbnail ? { ...shape, application: jpegLike(thumbnail) } : shape),
  );

/** `bytes` cut at the given places, taken modulo their number; in order, empty pieces left out. */
export function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort(
    (a, b) => a - b,
  );
  const edges = [0, ...sorted, bytes.length];
  return edges
    .slice(1)
    .map((end, index) => Buffer.from(bytes.subarray(edges[index], end)))
    .filter((piece) => piece.length > 0);
}

/** Places to cut at: few, or every byte. */
export const anyCuts: fc.Arbitrary<readonly number[]> = fc.oneof(
  { weight: 4, arbitrary: fc.array(fc.nat(1 << 20), { maxLength: 12 }) },
  { weight: 1, arbitrary: fc.constant(Array.from({ length: 4096 }, (_, index) => index)) },
);
