import { describe, expect, it } from 'vitest';
import type { FoundObject } from '../detector.ts';
import { Interest } from './interest.ts';

function at(x: number, y: number, label = 'person', score = 0.9): FoundObject {
  return { label, score, box: { x: x - 0.05, y: y - 0.3, width: 0.1, height: 0.3 } };
}

describe('what counts', () => {
  it('is everything when nothing else is said', () => {
    const all = [at(0.2, 0.5), at(0.8, 0.9, 'dog', 0.01)];
    expect(new Interest({}).divide(all)).toEqual({ found: all, faint: [] });
  });

  it('is chosen by label', () => {
    const { found } = new Interest({ labels: ['dog'] }).divide([at(0.2, 0.5), at(0.5, 0.5, 'dog')]);
    expect(found.map(({ label }) => label)).toEqual(['dog']);
  });

  it('is chosen by score; half as sure is faint, less is nothing', () => {
    const scores = [0.9, 0.5, 0.49, 0.25, 0.24];
    const { found, faint } = new Interest({ minScore: 0.5 }).divide(
      scores.map((score) => at(0.5, 0.5, 'person', score)),
    );
    expect(found.map(({ score }) => score)).toEqual([0.9, 0.5]);
    expect(faint.map(({ score }) => score)).toEqual([0.49, 0.25]);
  });

  it('is what stands in a zone, whatever its head sticks out into', () => {
    const zones = {
      path: [
        [0, 0.6],
        [1, 0.6],
        [1, 1],
        [0, 1],
      ],
      left: [
        [0, 0],
        [0.5, 0],
        [0.5, 1],
        [0, 1],
      ],
    } as const;
    const interest = new Interest({ zones });
    const [onPath, leftOnly, cutOff] = [at(0.7, 0.7), at(0.2, 0.5), at(0.8, 1)];
    const { found } = interest.divide([onPath, leftOnly, at(0.7, 0.5), at(0.3, 0.8), cutOff]);
    expect(found.map((one) => interest.locate(one).zones)).toEqual([
      ['path'],
      ['left'],
      ['path', 'left'],
      ['path'],
    ]);
  });

  it('is not what stands in the mask', () => {
    const mask = [
      [
        [0, 0],
        [0.5, 0],
        [0.5, 1],
        [0, 1],
      ],
    ] as const;
    const { found } = new Interest({ mask }).divide([at(0.2, 0.5), at(0.8, 0.5)]);
    expect(found).toEqual([at(0.8, 0.5)]);
  });
});
