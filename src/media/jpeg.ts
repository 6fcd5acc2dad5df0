import { FramehubError } from '../errors.ts';

export interface JpegInfo {
  /** Pixels, 1 to 65535. */
  readonly width: number;
  /** Pixels, 1 to 65535. */
  readonly height: number;
}

/** What cameras were seen to leave after the end of a picture: zeros, line ends, fill bytes. */
const MAX_PADDING = 1024;

/**
 * The size a JPEG's frame header states, or `undefined` when there is none. Walks the segments
 * (ITU T.81 B.1.1.4), so the thumbnail inside an EXIF segment is never mistaken for the picture.
 * Reads the headers only: its cost does not grow with the picture.
 */
export function readJpegSize(data: Uint8Array): JpegInfo | undefined {
  if (!startsLikeJpeg(data)) return undefined;
  let at = 2;
  while (at < data.length) {
    if (data[at] !== 0xff) return undefined;
    while (data[at] === 0xff) at += 1;
    const marker = data[at] ?? 0;
    at += 1;
    if (isStandalone(marker)) continue;
    // The size comes before the first scan; a picture cannot end or begin again before it.
    if (marker === 0xda || marker === 0xd9 || marker === 0xd8 || marker === 0) return undefined;
    const length = uint16(data, at);
    if (length < 2) return undefined;
    if (isFrameHeader(marker)) {
      if (at + 7 > data.length) return undefined;
      return { height: uint16(data, at + 3), width: uint16(data, at + 5) };
    }
    at += length;
  }
  return undefined;
}

/**
 * Looks at the beginning and the end of a picture, not at what is between: microseconds, whatever
 * its size. Up to 1 KiB of zeros, line ends, spaces or 0xFF after the end is forgiven.
 *
 * @throws FramehubError PICTURE_INVALID (not a JPEG, or its size cannot be read),
 *   PICTURE_TRUNCATED (begins as a JPEG but does not end as one)
 */
export function checkJpeg(data: Uint8Array): JpegInfo {
  if (data.length === 0) {
    throw new FramehubError('PICTURE_INVALID', 'Expected a JPEG picture, but it is empty.');
  }
  if (!startsLikeJpeg(data)) {
    throw new FramehubError(
      'PICTURE_INVALID',
      `Expected a JPEG picture (bytes FF D8 FF), but these ${data.length} bytes begin with ${hex(data)}.`,
    );
  }
  const size = readJpegSize(data);
  const whole = endsLikeJpeg(data);
  if (!whole) {
    throw new FramehubError(
      'PICTURE_TRUNCATED',
      `A JPEG picture of ${data.length} bytes${size ? ` (${size.width}x${size.height})` : ''} is cut off: it does not end with FF D9.`,
    );
  }
  if (!size) {
    throw new FramehubError(
      'PICTURE_INVALID',
      `A JPEG picture of ${data.length} bytes does not say its size: its headers are damaged.`,
    );
  }
  if (size.width === 0 || size.height === 0) {
    throw new FramehubError(
      'PICTURE_INVALID',
      `A JPEG picture says it is ${size.width}x${size.height} pixels: neither may be 0.`,
    );
  }
  return size;
}

export function startsLikeJpeg(data: Uint8Array): boolean {
  return data[0] === 0xff && data[1] === 0xd8 && data[2] === 0xff;
}

/** True when the end-of-image marker is there, with nothing but padding after it. */
export function endsLikeJpeg(data: Uint8Array): boolean {
  const least = Math.max(3, data.length - 1 - MAX_PADDING);
  for (let at = data.length - 1; at >= least; at -= 1) {
    const byte = data[at];
    if (byte === 0xd9 && data[at - 1] === 0xff) return true;
    if (byte !== 0 && byte !== 0x0a && byte !== 0x0d && byte !== 0x20 && byte !== 0xff)
      return false;
  }
  return false;
}

/** TEM and the restart markers: no length follows. */
function isStandalone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
}

/** SOF0 to SOF15; C4, C8 and CC in their midst are tables and an extension. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function uint16(data: Uint8Array, at: number): number {
  return ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0);
}

function hex(data: Uint8Array): string {
  return Array.from(data.subarray(0, 4), (byte) =>
    byte.toString(16).padStart(2, '0').toUpperCase(),
  ).join(' ');
}
