import { isInside } from '../../../detector/polygon.ts';
import type { Polygon } from '../../../settings/detect.ts';

/** 1 for each pixel whose middle lies in one of the polygons; undefined when there are none. */
export function maskOf(
  polygons: readonly Polygon[],
  width: number,
  height: number,
): Uint8Array | undefined {
  if (polygons.length === 0) return undefined;
  const mask = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const middle = [(x + 0.5) / width, (y + 0.5) / height] as const;
      if (polygons.some((polygon) => isInside(middle, polygon))) mask[y * width + x] = 1;
    }
  }
  return mask;
}
