import type { Point, Polygon } from '../settings/detect.ts';

/** Whether a point lies in a polygon (even-odd rule). */
export function isInside([x, y]: Point, polygon: Polygon): boolean {
  let inside = false;
  let [beforeX, beforeY] = polygon.at(-1) ?? [0, 0];
  for (const [nextX, nextY] of polygon) {
    const crosses = nextY > y !== beforeY > y;
    if (crosses && x < ((beforeX - nextX) * (y - nextY)) / (beforeY - nextY) + nextX) {
      inside = !inside;
    }
    [beforeX, beforeY] = [nextX, nextY];
  }
  return inside;
}
