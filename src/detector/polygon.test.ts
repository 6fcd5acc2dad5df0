import { expect, it } from 'vitest';
import { isInside } from './polygon.ts';

it('a polygon may be hollow', () => {
  const horseshoe = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0.7, 1],
    [0.7, 0.3],
    [0.3, 0.3],
    [0.3, 1],
    [0, 1],
  ] as const;
  const points = [
    [0.1, 0.5],
    [0.5, 0.5],
    [0.9, 0.5],
    [0.5, 0.1],
    [1.1, 0.5],
  ] as const;
  expect(points.map((point) => isInside(point, horseshoe))).toEqual([
    true,
    false,
    true,
    true,
    false,
  ]);
});
