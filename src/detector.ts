import type { Detection } from './api/detection.ts';
import type { Frame } from './frame.ts';

/** A detection as a detector gives it: before it is tracked and looked up in zones. */
export type FoundObject = Pick<Detection, 'label' | 'score' | 'box'>;

/**
 * Finds things in pictures. Called with one frame at a time per camera, the newest; what passes
 * meanwhile is skipped. It throws a FramehubError when it can't, and never retries: whoever runs it
 * does.
 */
export interface Detector {
  /** `motion`, `objects`, or the name of a program. */
  readonly name: string;
  /**
   * What is in the frame, boxes in fractions of the picture. Aborted when nobody waits any more: it
   * then rejects at once, with the signal's reason, and may be called again.
   *
   * @throws FramehubError DETECTOR_FAILED, DETECTOR_TIMEOUT, DETECTOR_INVALID, DETECTOR_MISSING
   */
  detect(frame: Frame, signal: AbortSignal): Promise<readonly FoundObject[]>;
  /** Lets go of processes and memory; `detect` is not called after that. Safe to call twice. */
  close(): Promise<void>;
}
