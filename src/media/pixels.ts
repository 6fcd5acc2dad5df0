import sharp from 'sharp';
import { blockMeans } from './jpeg-block-means.ts';

/** A picture as bytes, row by row. */
export interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/**
 * The brightness of a picture, 1 byte a pixel, made smaller by 2, 4 or 8 (as JPEG can be without
 * decoding all of it) as long as it stays at least `least` pixels wide.
 *
 * @param width of the picture as it is
 */
export async function smallLuma(jpeg: Buffer, width: number, least: number): Promise<Pixels> {
  const by = [8, 4, 2].find((divisor) => width / divisor >= least) ?? 1;
  // Half the CPU of decoding it at that size.
  const means = by === 8 ? blockMeans(jpeg) : undefined;
  if (means !== undefined) return means;
  const { data, info } = await sharp(jpeg, { failOn: 'none', sequentialRead: true })
    .resize({ width: Math.ceil(width / by), kernel: 'nearest' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: luma(data, info.channels), width: info.width, height: info.height };
}

/** By hand: libvips takes 0.5 ms for this, with its colour management. BT.601. */
function luma(data: Buffer, channels: number): Buffer {
  if (channels < 3) return data;
  const grey = Buffer.allocUnsafe(data.length / channels);
  for (let to = 0, from = 0; to < grey.length; to += 1, from += channels) {
    grey[to] =
      (77 * (data[from] ?? 0) + 150 * (data[from + 1] ?? 0) + 29 * (data[from + 2] ?? 0)) >> 8;
  }
  return grey;
}

/** A picture stretched to this size, its aspect ratio not kept; red, green, blue, 1 byte each. */
export async function stretchedRgb(jpeg: Buffer, width: number, height: number): Promise<Pixels> {
  const data = await sharp(jpeg, { failOn: 'none', sequentialRead: true })
    .resize({ width, height, fit: 'fill', kernel: 'linear' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer();
  return { data, width, height };
}
