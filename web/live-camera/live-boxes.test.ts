import { describe, expect, it } from 'vitest';
import type { DetectionResult } from '../../src/api/detection.ts';
import { LiveBoxes } from './live-boxes.ts';

const result = (capturedAt: number, detector = 'one'): DetectionResult => ({
  camera: 'front',
  seq: capturedAt,
  capturedAt,
  width: 640,
  height: 360,
  detector,
  inferenceMs: 1,
  detections: [{ label: 'ball', score: 1, box: { x: 0, y: 0, width: 0.1, height: 0.1 } }],
});
const opacity = (boxes: LiveBoxes, shownAt: number) =>
  boxes.drawn(shownAt).map((each) => Math.round(each.opacity * 100) / 100);

describe('boxes drawn at once', () => {
  it('fade as the picture gets newer than they are', () => {
    const boxes = new LiveBoxes();
    boxes.found(result(1_000), 1_000);
    expect(opacity(boxes, 1_250)).toEqual([1]);
    expect(opacity(boxes, 2_125)).toEqual([0.5]);
    expect(opacity(boxes, 3_000)).toEqual([0]);
  });

  it('say how late they are once it can be noticed, without trembling', () => {
    const boxes = new LiveBoxes();
    boxes.found(result(1_000), 1_200);
    expect(boxes.lateness(1_400)).toBeUndefined();
    for (const at of [2_000, 2_300, 2_600]) boxes.found(result(at), at + 310);
    expect(boxes.lateness(2_910)).toBe(310);
    expect(boxes.lateness(3_200)).toBe(310);
    expect(boxes.lateness(3_900)).toBe(1_300);
    expect(boxes.lateness(9_000)).toBeUndefined();
  });

  it('are the newest of each detector', () => {
    const boxes = new LiveBoxes();
    boxes.found(result(1_000), 1_000);
    boxes.found(result(900), 1_000);
    boxes.found(result(500, 'two'), 1_000);
    expect(opacity(boxes, 1_000)).toEqual([1, 0.86]);
    boxes.clear();
    expect(boxes.drawn(1_000)).toEqual([]);
    expect(boxes.lateness(1_000)).toBeUndefined();
  });
});
