import { describe, expect, it } from 'vitest';
import type { Detection } from '../../src/api/detection.ts';
import { between } from './between.ts';

const at = (x: number, label = 'person', trackId?: number): Detection => ({
  label,
  score: 0.5,
  box: { x, y: 0.5, width: 0.1, height: 0.2 },
  ...(trackId === undefined ? {} : { trackId }),
});
const places = (detections: readonly Detection[]) =>
  detections.map(({ box }) => Math.round(box.x * 1000) / 1000).toSorted((a, b) => a - b);

describe('a picture between two results', () => {
  it('has what is tracked on its way from one place to the other', () => {
    const before = [at(0.1, 'person', 1), at(0.8, 'person', 2)];
    const after = [at(0.6, 'person', 2), at(0.3, 'person', 1)];
    expect(places(between(before, after, 0.25))).toEqual([0.15, 0.75]);
    expect(places(between(before, after, 0.5))).toEqual([0.2, 0.7]);
  });

  it('has what is not tracked on its way too, when it can be one thing only', () => {
    expect(places(between([at(0.1)], [at(0.2)], 0.5))).toEqual([0.15]);
    // Its number came with the second sight of it.
    expect(places(between([at(0.1)], [at(0.2, 'person', 7)], 0.5))).toEqual([0.15]);
    expect(places(between([at(0.1)], [at(0.9)], 0.4))).toEqual([0.1]);
    expect(places(between([at(0.1, 'dog')], [at(0.2, 'cat')], 0.4))).toEqual([0.1]);
    expect(places(between([at(0.1), at(0.15)], [at(0.2)], 0.4))).toEqual([0.1, 0.15]);
  });

  it('has what came or went for the half that is nearer', () => {
    const gone = at(0.1, 'person', 1);
    const came = at(0.7, 'person', 2);
    expect(between([gone], [came], 0.3)).toEqual([gone]);
    expect(between([gone], [came], 0.7)).toEqual([came]);
  });

  it('has everything once', () => {
    const before = [at(0.1, 'person', 1), at(0.5, 'person', 2), at(0.7, 'car')];
    const after = [at(0.2, 'person', 1), at(0.6, 'person', 3), at(0.72, 'car')];
    expect(between(before, after, 0.2)).toHaveLength(3);
    expect(between(before, after, 0.8)).toHaveLength(3);
  });
});
