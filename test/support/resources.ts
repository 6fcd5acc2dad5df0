import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';

/** How long the process is looked at before the first run, ms. */
const RESTING = 250;

/** What keeps the process alive, by type: timers, sockets, child processes, file requests. */
export type Resources = ReadonlyMap<string, number>;

export function activeResources(): Resources {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo()) {
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return counts;
}

/** The least there is over a while: a passing timer of the test runner must not hide one of ours. */
export async function restingResources(): Promise<Resources> {
  let least = activeResources();
  const end = performance.now() + RESTING;
  while (performance.now() < end) {
    await sleep(10);
    const now = activeResources();
    least = new Map([...least].map(([type, count]) => [type, Math.min(count, now.get(type) ?? 0)]));
  }
  return least;
}

export function grown(before: Resources): string[] {
  return [...activeResources()]
    .filter(([type, count]) => count > (before.get(type) ?? 0))
    .map(([type, count]) => `${type} ×${count - (before.get(type) ?? 0)}`);
}

/**
 * Waits until no more is active than before, and `others` names nothing else.
 *
 * @param within ms
 */
export async function expectReturnTo(
  before: Resources,
  within: number,
  others: () => readonly string[] | Promise<readonly string[]> = () => [],
): Promise<void> {
  const look = async () => [...grown(before), ...(await others())];
  // Not expect.poll: its own timers would be counted.
  const deadline = performance.now() + within;
  let left = await look();
  while (left.length > 0 && performance.now() < deadline) {
    await sleep(10);
    left = await look();
  }
  expect(left, 'what was left behind').toEqual([]);
}
