import type { Box } from '../../../api/detection.ts';
import { overlap } from '../../../detector/overlap.ts';
import type { FoundObject } from '../../../detector.ts';

/** Boxes of the same label that overlap more than this are the same thing. */
const SAME = 0.5;

/** What a model of the SSD family gives for one picture. */
export interface SsdOutput {
  /** ymin, xmin, ymax, xmax for each of its anchors, in fractions of the picture. */
  readonly boxes: Float32Array;
  /** For each anchor one score per label id, from id 1. */
  readonly scores: Float32Array;
}

/**
 * The detections of one picture: every score above `floor` with a known label, and of those that
 * are the same thing only the surest.
 *
 * @param labels label id → name
 */
export function readSsd(
  { boxes, scores }: SsdOutput,
  labels: ReadonlyMap<number, string>,
  floor: number,
): FoundObject[] {
  const anchors = boxes.length / 4;
  const classes = scores.length / anchors;
  const kept: FoundObject[] = [];
  for (const [id, label] of labels) {
    if (id < 1 || id > classes) continue;
    const found: FoundObject[] = [];
    for (let anchor = 0; anchor < anchors; anchor += 1) {
      const score = scores[anchor * classes + id - 1] ?? 0;
      if (score > floor) found.push({ label, score, box: boxAt(boxes, anchor) });
    }
    found.sort((one, other) => other.score - one.score);
    kept.push(...suppress(found));
  }
  return kept.sort((one, other) => other.score - one.score);
}

/** Non-maximum suppression of one label, the surest first. */
function suppress(found: readonly FoundObject[]): FoundObject[] {
  const kept: FoundObject[] = [];
  for (const candidate of found) {
    if (kept.every(({ box }) => overlap(box, candidate.box) <= SAME)) kept.push(candidate);
  }
  return kept;
}

function boxAt(boxes: Float32Array, anchor: number): Box {
  const [top = 0, left = 0, bottom = 0, right = 0] = boxes.subarray(anchor * 4, anchor * 4 + 4);
  return { x: left, y: top, width: right - left, height: bottom - top };
}
