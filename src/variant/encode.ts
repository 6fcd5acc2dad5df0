import type { Frame } from '../frame.ts';
import { reencodeJpeg } from '../media/reencode.ts';
import { DEFAULT_QUALITY, type VariantSpec } from './variant-spec.ts';

/**
 * The frame in another form, off the main thread; the frame itself when it has that form already.
 * It keeps its identity: number and capture time.
 */
export async function encode(frame: Frame, spec: VariantSpec): Promise<Frame> {
  const smaller = spec.width !== undefined && spec.width < frame.width;
  if (!smaller && spec.quality === undefined) return frame;
  const picture = await reencodeJpeg(frame.data, {
    quality: spec.quality ?? DEFAULT_QUALITY,
    ...(smaller && spec.width !== undefined ? { width: spec.width } : {}),
  });
  return { ...frame, ...picture };
}
