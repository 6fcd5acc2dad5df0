import { describe, expect, it } from 'vitest';
import { LinkFit } from './link-fit.ts';
import { rungsFor } from './rungs.ts';

const FULL = 45_000;
const FPS = 30;

/** Plays a viewer on a link: the newest picture whenever the one before is through. */
function play(rate: (now: number) => number, seconds: number) {
  const rungs = rungsFor(1280);
  const fit = new LinkFit(rungs, 0);
  const changes: { at: number; rung: number }[] = [];
  let freeAt = 0;
  for (let now = 0; now < seconds * 1000; now += 1000 / FPS) {
    if (freeAt <= now) {
      const bytes = FULL * fit.rung.weight;
      fit.sent(now);
      freeAt = now + (bytes / rate(now)) * 1000;
      const perFrame = 1000 / Math.min(FPS, fit.rung.spec.fps ?? FPS);
      fit.taken(bytes, freeAt);
      freeAt = Math.max(freeAt, now + perFrame - 1000 / FPS);
    }
    if (fit.decide(FPS, Math.max(now, freeAt))) {
      changes.push({ at: now, rung: rungs.indexOf(fit.rung) });
    }
  }
  const { rung } = fit;
  return { changes, used: FULL * rung.weight * Math.min(FPS, rung.spec.fps ?? FPS), rung };
}

describe('fitting the form to the link', () => {
  it('leaves a viewer alone whose link carries everything', () => {
    expect(play(() => 10e6, 60).changes).toEqual([]);
  });

  it('goes straight to a form that fits, within a second', () => {
    const { changes, used } = play(() => 500_000, 5);
    expect(changes).toHaveLength(1);
    expect(changes[0]?.at).toBeLessThan(1_000);
    expect(used).toBeLessThanOrEqual(500_000 * 0.6);
    expect(used).toBeGreaterThan(500_000 * 0.25);
  });

  it('finds a form for a link of 1 Mbit/s, and less of everything for less', () => {
    expect(play(() => 125_000, 10).used).toBeLessThanOrEqual(125_000 * 0.6);
    expect(play(() => 8_000, 20).used).toBeLessThanOrEqual(8_000);
  });

  it('comes back up, slowly, when the link gets better', () => {
    const { changes, rung } = play((now) => (now < 5_000 ? 200_000 : 10e6), 240);
    expect(rung.spec).toEqual({});
    const climbs = changes.filter(({ at }) => at > 5_000);
    const waits = climbs.slice(1).map(({ at }, index) => at - (climbs[index]?.at ?? 0));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(7_900);
  });

  it('tries ever more seldom what the link did not carry', () => {
    const { changes } = play(() => 500_000, 600);
    expect(changes.length).toBeLessThan(30);
    const late = changes.filter(({ at }) => at > 300_000);
    expect(late.length).toBeLessThan(8);
  });
});
