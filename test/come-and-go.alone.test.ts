import { afterEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { watchMjpeg } from './support/mjpeg-client.ts';
import { startServer, type TestServer } from './support/server.ts';
import { until } from './support/until.ts';

let server: TestServer | undefined;
afterEach(() => server?.close());

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Numbers in 0..1 that are the same in every run (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** How many of each kind of resource keep this process busy. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** One viewer of any kind, until told to go. */
function enter(port: number, random: number): () => void {
  const agents = [
    'curl/8',
    'Mozilla/5.0 AppleWebKit/537.36 Chrome/147 Safari/537.36',
    'Mozilla/5.0 AppleWebKit/605 Safari/605',
  ];
  if (random < 0.25) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`);
    socket.on('open', () => socket.send('{"type":"subscribe","cameras":["front"]}'));
    socket.on('error', () => {});
    return () => socket.terminate();
  }
  if (random < 0.4) {
    const abort = new AbortController();
    fetch(`http://127.0.0.1:${port}/snapshot`, { signal: abort.signal })
      .then((response) => response.arrayBuffer())
      .catch(() => {});
    return () => abort.abort();
  }
  const userAgent = agents[Math.floor(random * 300) % 3] ?? '';
  const viewer = watchMjpeg(port, '/video_feed', { userAgent });
  if (random > 0.9) viewer.socket.pause();
  return () => viewer.close();
}

it('200 viewers come and go: the source starts once, stops once, and nothing is left', async () => {
  server = await startServer({
    cameras: [{ id: 'front', source: 'test:?size=320x240&fps=30', idleTimeout: 500 }],
  });
  const { port, framehub } = server;
  // Whatever a first viewer leaves to the process for good (a pool, a cache) is there before.
  await (await fetch(`${server.url}/snapshot`)).arrayBuffer();
  await until('off', () => framehub.cameras()[0]?.status.state === 'off');
  await sleep(5_500);
  const before = resources();
  const listeners = server.server.listenerCount('upgrade');

  const random = randomFrom(20);
  const states: string[] = [];
  const look = () => {
    const state = framehub.cameras()[0]?.status.state ?? '';
    if (state !== states.at(-1)) states.push(state);
    return state;
  };
  const watching = setInterval(look, 5);
  const stays = watchMjpeg(port, '/video_feed');
  const leave = new Set<() => void>();
  const end = performance.now() + 10_000;
  let entered = 0;
  while (performance.now() < end) {
    if (leave.size < 200) {
      leave.add(enter(port, random()));
      entered += 1;
    }
    for (const go of leave) {
      if (random() > 0.01) continue;
      go();
      leave.delete(go);
    }
    await sleep(random() * 20);
  }
  expect(entered).toBeGreaterThan(200);
  for (const go of leave) go();
  stays.close();
  const leftAt = performance.now();
  await until('off', () => look() === 'off');
  expect(performance.now() - leftAt).toBeGreaterThan(400);
  clearInterval(watching);

  expect(states.filter((state) => state === 'live')).toHaveLength(1);
  expect(states.at(-1)).toBe('off');
  const camera = await server.camera('front');
  expect(camera.starts).toBe(2);
  expect(camera.readers).toEqual([]);
  expect(server.server.listenerCount('upgrade')).toBe(listeners);
  // Idle keep-alive connections of `fetch` go by themselves after a few seconds.
  await until(
    `the resources of before: ${JSON.stringify(before)}`,
    () => {
      const now = resources();
      return Object.entries(now).every(([name, count]) => count <= (before[name] ?? 0));
    },
    15_000,
  );
}, 60_000);
