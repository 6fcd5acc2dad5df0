import type { Detection } from './api/detection.ts';
import type { Frame } from './frame.ts';

/** A detection before it is tracked. */
export type FoundObject = Omit<Detection, 'trackId'>;

/**
 * Finds things in pictures. Called with one frame at a time per camera, the newest; what passes
 * meanwhile is skipped. It throws a FramehubError when it can't, and never retries: whoever runs it
 * does.
 */
export interface Detector {
  /** `motion`, `objects`, or the name of a program. */
  readonly name: string;
  /**
   * What is in the frame, boxes in fractions of the picture. Aborted when nobody waits any more.
   *
   * @throws FramehubError DETECTOR_FAILED, DETECTOR_TIMEOUT, DETECTOR_INVALID
   */
  detect(frame: Frame, signal: AbortSignal): Promise<readonly FoundObject[]>;
  /** Lets go of processes and memory; it is not called after that. */
  close(): Promise<void>;
}
