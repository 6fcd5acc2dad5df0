import type { Detection } from '../../src/api/detection.ts';

/** Whether what was found is drawn: at once, or with the very picture it was found in. */
export type BoxMode = 'off' | 'live' | 'matched';

/** Boxes to be drawn, and how strongly. */
export interface DrawnBoxes {
  readonly detections: readonly Detection[];
  /** 0 to 1. */
  readonly opacity: number;
}
