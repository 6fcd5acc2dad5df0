import { describe, expect, it } from 'vitest';
import type { DetectionResult } from '../../src/api/detection.ts';
import { LONGEST_HOLD, Matcher } from './matcher.ts';

const FRAME = 50;

/** Where the thing is that moves through the frames. */
const place = (seq: number) => seq / 1_000;
const result = (seq: number, detector = 'one'): DetectionResult => ({
  camera: 'front',
  seq,
  capturedAt: seq * FRAME,
  width: 640,
  height: 360,
  detector,
  inferenceMs: 1,
  detections: [
    { label: 'ball', score: 1, trackId: 1, box: { x: place(seq), y: 0, width: 0.1, height: 0.1 } },
  ],
});

interface Shown {
  readonly at: number;
  readonly seq: number;
  readonly delay: number;
  /** How far the box is from the thing; undefined: none is drawn. */
  readonly off: number | undefined;
  readonly late: boolean;
}

/** Plays frames at 20 a second, with a result of every `every`th one that takes `ms`. */
function play(
  matcher: Matcher,
  { ms, every, seconds }: { ms: (seq: number) => number; every: number; seconds: number },
): Shown[] {
  const shown: Shown[] = [];
  const held: { seq: number; at: number }[] = [];
  const results: { seq: number; at: number }[] = [];
  let seq = 0;
  for (let at = 0; at < seconds * 1_000; at += 5) {
    if (at % FRAME === 0) {
      seq += 1;
      matcher.frameArrived(seq, at);
      held.push({ seq, at });
      if (seq % every === 0) results.push({ seq, at: at + ms(seq) });
    }
    for (let next = results[0]; next && next.at <= at; next = results[0]) {
      results.shift();
      matcher.resultArrived(result(next.seq), at);
    }
    const delay = matcher.delay(at);
    for (let next = held[0]; next; next = held[0]) {
      const patience = matcher.isKnown(next.seq, at) ? 0 : matcher.patience;
      if (at - next.at < delay + patience) break;
      held.shift();
      const boxes = matcher.boxes(next.seq, next.seq * FRAME, at);
      const x = boxes?.[0]?.box.x;
      const off = x === undefined ? undefined : Math.abs(x - place(next.seq));
      shown.push({ at, seq: next.seq, delay, off, late: boxes === undefined });
    }
  }
  return shown;
}

const later = (shown: readonly Shown[], ms: number) => shown.filter(({ at }) => at > ms);
const offs = (shown: readonly Shown[]) =>
  shown.flatMap(({ off }) => (off === undefined ? [] : off));

describe('pictures matched with their results', () => {
  it('all have their boxes, when each has a result', () => {
    const shown = play(new Matcher(), { ms: () => 300, every: 1, seconds: 5 });
    const settled = later(shown, 1_500);
    expect(offs(settled)).toHaveLength(settled.length);
    expect(Math.max(...offs(shown))).toBe(0);
    for (const { delay } of settled) expect(delay).toBeLessThan(400);
  });

  it('have boxes that move evenly between two results', () => {
    const shown = play(new Matcher(), { ms: () => 300, every: 6, seconds: 8 });
    const settled = later(shown, 3_000);
    expect(offs(settled)).toHaveLength(settled.length);
    expect(Math.max(...offs(shown))).toBeLessThan(1e-9);
    // Long enough for the picture right after a result to have the next one: 300 + 300 ms.
    for (const { delay } of settled) expect(Math.abs(delay - 575)).toBeLessThan(60);
  });

  it('never have a box that is not theirs, also while the delay is being found', () => {
    const jitter = (seq: number) => 200 + ((seq * 7_919) % 13) * 20;
    const shown = play(new Matcher(), { ms: jitter, every: 4, seconds: 15 });
    expect(Math.max(...offs(shown))).toBeLessThan(1e-9);
    const settled = later(shown, 5_000);
    expect(offs(settled).length / settled.length).toBeGreaterThan(0.95);
  });

  it('are delayed by slowly changing times', () => {
    const matcher = new Matcher();
    const shown = play(matcher, { ms: (seq) => (seq < 100 ? 100 : 600), every: 2, seconds: 14 });
    const settled = later(shown, 1_500);
    for (const [index, { at, delay }] of settled.entries()) {
      const before = settled[index - 1];
      if (before === undefined) continue;
      expect(Math.abs(delay - before.delay)).toBeLessThanOrEqual((at - before.at) * 0.5 + 1e-9);
    }
    expect(settled.at(-1)?.delay).toBeGreaterThan(600);
  });

  it('keep the last boxes of a detector too rare to wait for, from their own picture on', () => {
    const shown = play(new Matcher(), { ms: () => 200, every: 50, seconds: 20 });
    const settled = later(shown, 10_000);
    expect(offs(settled).length / settled.length).toBeGreaterThan(0.9);
    for (const { seq, off } of settled) expect(off ?? place(seq % 50)).toBeCloseTo(place(seq % 50));
    for (const { delay } of settled) expect(delay).toBeLessThan(300);
  });

  it('are not held for results that come too late: that is told instead', () => {
    const shown = play(new Matcher(), { ms: () => 2_500, every: 1, seconds: 10 });
    const settled = later(shown, 6_000);
    expect(settled.every(({ late }) => late)).toBe(true);
    expect(Math.max(...shown.map(({ delay }) => delay))).toBeLessThanOrEqual(LONGEST_HOLD);
    expect(settled.at(-1)?.delay).toBe(0);
  });

  it('are held no longer when the detector has ended', () => {
    const matcher = new Matcher();
    const shown = play(matcher, {
      ms: (seq) => (seq < 60 ? 300 : Number.POSITIVE_INFINITY),
      every: 1,
      seconds: 14,
    });
    expect(shown.at(-1)).toMatchObject({ delay: 0, late: false, off: undefined });
  });

  it('are not held at all without a detector', () => {
    const shown = play(new Matcher(), { ms: () => 0, every: 1e9, seconds: 2 });
    expect(shown).toHaveLength(40);
    expect(shown.every(({ delay, off }) => delay === 0 && off === undefined)).toBe(true);
  });
});
