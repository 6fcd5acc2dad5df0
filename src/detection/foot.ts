import type { Box } from '../api/detection.ts';
import type { Point } from '../settings/detect.ts';

/** What stands on the picture's lower edge is in a zone that ends there. */
const LOWEST = 1 - 1e-6;

/** Where a thing stands: the middle of the lower edge of its box. */
export function footOf({ x, y, width, height }: Box): Point {
  return [x + width / 2, Math.min(LOWEST, y + height)];
}
