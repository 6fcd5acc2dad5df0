import type { DetectionResult } from '../../api/detection.ts';

/**
 * What a client has missed whose last result was of the frame `seq`. Where two detectors look at
 * one frame it may get one of their results again, and never misses one.
 *
 * @param kept in the order they were published
 */
export function missedSince(
  kept: readonly DetectionResult[],
  seq: number,
): readonly DetectionResult[] {
  const seen = kept.findIndex((result) => result.seq === seq);
  if (seen >= 0) return kept.slice(seen + 1);
  // A number that is yet to come is of another life of the server: everything here is new.
  if (kept.every((result) => result.seq < seq)) return kept;
  return kept.filter((result) => result.seq > seq);
}
