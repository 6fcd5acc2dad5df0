import { expect, it } from 'vitest';
import { Newest } from './newest.ts';

it('a slow taker gets the newest, not the oldest', async () => {
  const newest = new Newest<number>();
  newest.put(1);
  newest.put(2);
  newest.put(3);
  expect(await newest.take()).toBe(3);
});

it('a waiting taker is woken by the next one, and by the end', async () => {
  const newest = new Newest<number>();
  const first = newest.take();
  newest.put(1);
  expect(await first).toBe(1);
  const second = newest.take();
  newest.end();
  expect(await second).toBeUndefined();
});

it('what waits at the end can still be taken', async () => {
  const newest = new Newest<number>();
  newest.put(1);
  newest.end();
  expect(await newest.take()).toBe(1);
  expect(await newest.take()).toBeUndefined();
});
