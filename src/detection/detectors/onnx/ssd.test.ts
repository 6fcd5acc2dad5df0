import { expect, it } from 'vitest';
import { readSsd } from './ssd.ts';

const labels = new Map([
  [1, 'person'],
  [3, 'car'],
]);

/** Anchors as [ymin, xmin, ymax, xmax] and their scores for the ids 1, 2, 3. */
function output(...anchors: readonly [number[], number[]][]) {
  return {
    boxes: Float32Array.from(anchors.flatMap(([box]) => box)),
    scores: Float32Array.from(anchors.flatMap(([, scores]) => scores)),
  };
}

it('reads boxes, labels and scores, the surest first', () => {
  const found = readSsd(
    output(
      [
        [0.1, 0.2, 0.5, 0.25],
        [0.5, 0, 0],
      ],
      [
        [0, 0.5, 0.25, 1],
        [0, 0, 0.75],
      ],
    ),
    labels,
    0.1,
  );
  expect(found.map(({ label, score }) => [label, score])).toEqual([
    ['car', 0.75],
    ['person', 0.5],
  ]);
  expect(found[0]?.box).toEqual({ x: 0.5, y: 0, width: 0.5, height: 0.25 });
  expect(found[1]?.box.width).toBeCloseTo(0.05);
});

it('of boxes of one label that overlap by more than half keeps the surest', () => {
  const box = [0.1, 0.1, 0.5, 0.5];
  const nearly = [0.1, 0.12, 0.5, 0.52];
  const apart = [0.1, 0.3, 0.5, 0.7];
  const found = readSsd(
    output([box, [0.6, 0, 0]], [nearly, [0.9, 0, 0.4]], [apart, [0.5, 0, 0]]),
    labels,
    0.1,
  );
  expect(found.map(({ label, score }) => `${label} ${score.toFixed(1)}`)).toEqual([
    'person 0.9',
    'person 0.5',
    'car 0.4',
  ]);
});

it('leaves out what is hardly there, and ids without a label', () => {
  expect(
    readSsd(
      output([
        [0, 0, 1, 1],
        [0.09, 0.9, 0.05],
      ]),
      labels,
      0.1,
    ),
  ).toEqual([]);
});
