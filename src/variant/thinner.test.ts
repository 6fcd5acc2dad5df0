import { expect, it } from 'vitest';
import { Thinner } from './thinner.ts';

function admitted(fps: number, times: readonly number[]): number {
  const thinner = new Thinner(fps);
  return times.filter((time) => thinner.admits(time)).length;
}

const seconds = (fps: number, count: number, tremble = 0) =>
  Array.from({ length: fps * count }, (_, i) => (i * 1000) / fps + (i % 2 ? tremble : -tremble));

it('lets as many through as it was told to, whatever the camera gives', () => {
  expect(admitted(10, seconds(30, 10))).toBe(100);
  expect(admitted(5, seconds(25, 10))).toBe(50);
  expect(admitted(7, seconds(30, 10))).toBeGreaterThanOrEqual(69);
  expect(admitted(7, seconds(30, 10))).toBeLessThanOrEqual(71);
});

it('lets everything through when the camera gives no more than that, also when it trembles', () => {
  expect(admitted(30, seconds(30, 10))).toBe(300);
  expect(admitted(10, seconds(10, 10, 4))).toBe(100);
  expect(admitted(30, seconds(5, 10))).toBe(50);
});

it('does not catch up after a pause', () => {
  const times = [...seconds(30, 1), ...seconds(30, 1).map((time) => time + 60_000)];
  expect(admitted(10, times)).toBe(20);
});
