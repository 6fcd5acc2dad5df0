import { describe, expect, it } from 'vitest';
import type { Detection } from '../../src/api/detection.ts';
import { Counter, countWords } from './found-words.ts';

const box = { x: 0, y: 0, width: 0.1, height: 0.1 };
const found = (...labels: string[]): Detection[] =>
  labels.map((label) => ({ label, score: 1, box }));

describe('what is in view, in words', () => {
  it('is in the plural people use', () => {
    const words = (
      [
        [1, 'person'],
        [3, 'person'],
        [2, 'bus'],
        [2, 'truck'],
        [2, 'toothbrush'],
        [2, 'sheep'],
        [2, 'toy'],
        [2, 'teddy'],
        [1, 'motion'],
        [2, 'motion'],
      ] as const
    ).map(([count, label]) => countWords(count, label));
    expect(words).toEqual([
      '1 person',
      '3 people',
      '2 buses',
      '2 trucks',
      '2 toothbrushes',
      '2 sheep',
      '2 toys',
      '2 teddies',
      '1 moving thing',
      '2 moving things',
    ]);
  });

  it('names the most numerous first', () => {
    const counter = new Counter();
    counter.add(found('car', 'person', 'person', 'bus'));
    expect(counter.counts.map(({ words }) => words)).toEqual(['2 people', '1 bus', '1 car']);
  });

  it('does not flicker when a single result misses something', () => {
    const counter = new Counter();
    for (const labels of [['person'], ['person'], [], ['person'], ['person', 'dog']]) {
      counter.add(found(...labels));
    }
    expect(counter.counts.map(({ words }) => words)).toEqual(['1 person']);
    for (let times = 0; times < 3; times++) counter.add([]);
    expect(counter.counts).toEqual([]);
  });
});
