import { expect, it } from 'vitest';
import { checkFound } from './check-found.ts';

const box = { x: 0.1, y: 0.2, width: 0.3, height: 0.4 };

it('takes what a detector should answer, the surest first', () => {
  const found = [
    { label: 'cat', score: 0.4, box },
    { label: 'dog', score: 1, box, breed: 'unknown to us' },
  ];
  expect(checkFound(found)).toEqual([
    { label: 'dog', score: 1, box },
    { label: 'cat', score: 0.4, box },
  ]);
  expect(checkFound([])).toEqual([]);
});

it('cuts boxes to the picture, and leaves out those beside it', () => {
  const cut = checkFound([
    { label: 'in', score: 0.9, box: { x: -0.1, y: 0.9, width: 0.3, height: 0.4 } },
    { label: 'out', score: 0.8, box: { x: 1.1, y: 0.1, width: 0.2, height: 0.2 } },
    { label: 'flat', score: 0.7, box: { x: 0.1, y: 0.1, width: 0, height: 0.2 } },
  ]);
  expect(cut).toHaveLength(1);
  expect(cut[0]?.box.x).toBe(0);
  expect(cut[0]?.box.width).toBeCloseTo(0.2);
  expect(cut[0]?.box.height).toBeCloseTo(0.1);
});

it('keeps the hundred surest', () => {
  const many = Array.from({ length: 300 }, (_, index) => ({
    label: 'leaf',
    score: index / 300,
    box,
  }));
  const kept = checkFound(many);
  expect(kept).toHaveLength(100);
  expect(kept.at(-1)?.score).toBeCloseTo(200 / 300);
});

it.each([
  ['no list', { detections: [] }, 'a list of detections'],
  ['a detection that is no object', ['cat'], '{label, score, box}'],
  ['no label', [{ score: 1, box }], '"label"'],
  ['a label with a line feed', [{ label: 'a\nb', score: 1, box }], '"label"'],
  ['a score in percent', [{ label: 'cat', score: 90, box }], '"score" from 0 to 1; got 90'],
  ['a score that is no number', [{ label: 'cat', score: Number.NaN, box }], '"score"'],
  ['no box', [{ label: 'cat', score: 1 }], '"box"'],
  ['pixels', [{ label: 'cat', score: 1, box: { ...box, x: 320 } }], 'fractions'],
  ['a list as a box', [{ label: 'cat', score: 1, box: [0, 0, 1, 1] }], '"box"'],
  ['thousands', Array.from({ length: 1_001 }, () => ({})), 'at most 1000'],
])('refuses %s, and says what it expected', (_, answer, words) => {
  const check = () => checkFound(answer);
  expect(check).toThrow(expect.objectContaining({ code: 'DETECTOR_INVALID' }));
  expect(check).toThrow(words);
});
