import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Pace, pause } from './pace.ts';

const never = () => new AbortController().signal;

it('the first tick comes at once, the following ones at the rate, without drift', async () => {
  const started = performance.now();
  const pace = new Pace(50);
  await pace.tick(never());
  expect(performance.now() - started).toBeLessThan(100);
  for (let tick = 0; tick < 25; tick++) {
    await sleep(15);
    await pace.tick(never());
  }
  const took = performance.now() - started;
  expect(took).toBeGreaterThan(480);
  expect(took).toBeLessThan(750);
});

it('a late caller gets one tick at once and no burst after it', async () => {
  const pace = new Pace(20);
  await pace.tick(never());
  await sleep(330);
  const times: number[] = [];
  for (let tick = 0; tick < 4; tick++) {
    await pace.tick(never());
    times.push(performance.now());
  }
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  for (const gap of gaps) expect(gap).toBeGreaterThan(10);
});

it('an abort ends a wait at once and leaves neither timer nor listener', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((type) => type === 'Timeout').length;
  const before = timers();
  const abort = new AbortController();
  const waits = [pause(60_000, abort.signal), pause(Infinity, abort.signal)];
  expect(timers()).toBe(before + 1);
  abort.abort();
  expect(await Promise.all(waits)).toEqual([false, false]);
  expect(await pause(60_000, abort.signal)).toBe(false);
  expect(timers()).toBe(before);
  expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
});

it('a wait that passes leaves no listener', async () => {
  const { signal } = new AbortController();
  expect(await pause(1, signal)).toBe(true);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
