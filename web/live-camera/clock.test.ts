import { describe, expect, it } from 'vitest';
import { Clock } from './clock.ts';

describe('the clock of the server', () => {
  it('is right to half a round trip, whichever way the message was slow', () => {
    const clock = new Clock(() => 1_000);
    clock.note(900, 1_000, 50_100);
    expect(Math.abs(clock.now() - 50_150)).toBeLessThanOrEqual(50);
  });

  it('keeps the tightest of several answers', () => {
    const clock = new Clock(() => 3_000);
    clock.note(0, 1_000, 10_900);
    clock.note(2_000, 2_002, 12_001);
    clock.note(2_100, 2_900, 12_800);
    expect(clock.now()).toBe(13_000);
  });

  it('follows a server whose clock was set, even over a slow link', () => {
    const clock = new Clock(() => 2_000);
    clock.note(0, 2, 10_001);
    clock.note(1_000, 1_400, 3_601_200);
    expect(clock.now()).toBe(3_602_000);
  });

  it('trusts an old answer less and less', () => {
    const clock = new Clock(() => 101_000);
    clock.note(0, 2, 10_001);
    clock.note(100_000, 100_040, 110_000);
    expect(clock.now()).toBe(110_980);
  });

  it('is this machine’s own until the server said something', () => {
    const before = Date.now();
    const now = new Clock(() => 5).now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });
});
