import sharp from 'sharp';

export interface ReencodeOptions {
  /** JPEG quality, 1 to 100. */
  readonly quality: number;
  /** Pixels; the height follows. Default: as it is. */
  readonly width?: number;
}

/** The JPEG, smaller or rougher. Works in libvips' own threads. */
export async function reencodeJpeg(
  jpeg: Buffer,
  { quality, width }: ReencodeOptions,
): Promise<{ readonly data: Buffer; readonly width: number; readonly height: number }> {
  // A damaged picture is shown as far as it goes, as every player does.
  const image = sharp(jpeg, { failOn: 'none', sequentialRead: true });
  if (width !== undefined) image.resize({ width, withoutEnlargement: true, kernel: 'linear' });
  const { data, info } = await image.jpeg({ quality }).toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}
