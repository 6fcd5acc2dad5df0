import { describe, expect, it } from 'vitest';
import type { Box } from '../../api/detection.ts';
import type { FoundObject } from '../../detector.ts';
import { Tracker } from './tracker.ts';

/** Five results a second. */
const INTERVAL = 200;

function tracker() {
  let id = 0;
  return new Tracker(() => {
    id += 1;
    return id;
  });
}

function thing(x: number, y = 0.5, label = 'person'): FoundObject {
  return { label, score: 0.9, box: { x: x - 0.03, y: y - 0.1, width: 0.06, height: 0.2 } };
}

/** The numbers of what is found in each picture, one list a picture. */
function follow(pictures: readonly (readonly FoundObject[])[], interval = INTERVAL) {
  const tracks = tracker();
  return pictures.map((found, index) =>
    tracks.update(found, [], index * interval).map(({ trackId }) => trackId),
  );
}

const steps = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('a tracker', () => {
  it('gives a thing its number when it is seen again, and keeps it while it walks', () => {
    const ids = follow(steps(20).map((step) => [thing(0.1 + step * 0.02)]));
    expect(ids).toEqual([[undefined], ...steps(19).map(() => [1])]);
  });

  it('does not number what was seen only once', () => {
    const ids = follow([[thing(0.2)], [], [thing(0.8)], [], [thing(0.5)]]);
    expect(ids.flat()).toEqual([undefined, undefined, undefined]);
  });

  it('keeps two that cross apart, also while one hides the other', () => {
    const pictures = steps(21).map((step) => {
      const walking = thing(0.1 + step * 0.04);
      const coming = thing(0.9 - step * 0.04, 0.53);
      // In the middle the one in front is all that can be seen.
      return step === 10 ? [walking] : [walking, coming];
    });
    const ids = follow(pictures);
    expect(ids[1]).toEqual([1, 2]);
    expect(ids[9]).toEqual([1, 2]);
    expect(ids[11]).toEqual([1, 2]);
    expect(ids[20]).toEqual([1, 2]);
  });

  it('knows a thing again after a second out of sight, where it was going', () => {
    const walk = (step: number) => [thing(0.1 + step * 0.03)];
    const pictures = steps(20).map((step) => (step >= 8 && step < 12 ? [] : walk(step)));
    const ids = follow(pictures);
    expect(ids[7]).toEqual([1]);
    expect(ids.slice(12)).toEqual(steps(8).map(() => [1]));
  });

  it('takes a thing that comes long after for another', () => {
    const ids = follow([
      ...steps(3).map(() => [thing(0.5)]),
      ...steps(9).map(() => []),
      [thing(0.5)],
      [thing(0.5)],
    ]);
    expect(ids[2]).toEqual([1]);
    expect(ids.slice(-2)).toEqual([[undefined], [2]]);
  });

  it('waits three results where results are rare', () => {
    const ids = follow([[thing(0.5)], [thing(0.5)], [], [thing(0.5)]], 5_000);
    expect(ids.slice(-1)).toEqual([[1]]);
  });

  it('never takes a thing for one of another label', () => {
    const ids = follow([
      [thing(0.5), thing(0.5, 0.5, 'dog')],
      [thing(0.5), thing(0.5, 0.5, 'dog')],
      [thing(0.5, 0.5, 'dog'), thing(0.5)],
    ]);
    expect(ids).toEqual([
      [undefined, undefined],
      [1, 2],
      [2, 1],
    ]);
  });

  it('follows a small thing so fast that it never overlaps itself', () => {
    const box = (x: number): Box => ({ x, y: 0.5, width: 0.05, height: 0.05 });
    const ids = follow(
      steps(12).map((step) => [{ label: 'ball', score: 1, box: box(0.05 + step * 0.06) }]),
    );
    expect(new Set(ids.slice(1).flat())).toEqual(new Set([1]));
  });

  it('lets what is faint keep a track, and begin none', () => {
    const tracks = tracker();
    const at = (step: number) => step * INTERVAL;
    const walk = (step: number) => [thing(0.1 + step * 0.03)];
    for (const step of steps(4)) tracks.update(walk(step), [thing(0.9)], at(step));
    for (const step of steps(12)) tracks.update([], [...walk(4 + step), thing(0.9)], at(4 + step));
    const [walker, other] = tracks.update([...walk(16), thing(0.9)], [], at(16));
    expect(walker?.trackId).toBe(1);
    expect(other?.trackId).toBeUndefined();
  });

  it('takes results that come out of order', () => {
    const tracks = tracker();
    tracks.update([thing(0.5)], [], 1_000);
    expect(tracks.update([thing(0.5)], [], 900)[0]?.trackId).toBe(1);
    const [late] = tracks.update([thing(0.52)], [], 1_200);
    expect(late?.trackId).toBe(1);
    expect(Object.values(late?.box ?? {}).every(Number.isFinite)).toBe(true);
  });
});
