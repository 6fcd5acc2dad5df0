import { afterEach, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { startServer, type TestServer } from './support/server.ts';
import { until } from './support/until.ts';

/** Time between two looks at a viewer, ms. */
const HEARTBEAT = 15_000;

let server: TestServer;
let socket: WebSocket | undefined;
afterEach(async () => {
  vi.useRealTimers();
  socket?.terminate();
  await server.close();
});

it('a viewer whose pongs are held up stays while it says anything else, and goes when it is silent', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  server = await startServer();
  socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws`, { autoPong: false });
  const viewer = socket;
  let pongs = 0;
  let pings = 0;
  let closed: number | undefined;
  viewer.on('message', (data) => {
    if (data.toString().includes('"pong"')) pongs += 1;
  });
  viewer.on('ping', () => {
    pings += 1;
  });
  viewer.on('close', (code) => {
    closed = code;
  });
  await new Promise((resolve) => viewer.on('open', resolve));
  for (let beat = 1; beat <= 4; beat += 1) {
    vi.advanceTimersByTime(HEARTBEAT);
    await until('asked', () => pings === beat);
    viewer.send(JSON.stringify({ type: 'ping', id: beat }));
    await until('answered', () => pongs === beat);
  }
  vi.advanceTimersByTime(HEARTBEAT);
  await until('asked again', () => pings === 5);
  expect(closed).toBeUndefined();
  vi.advanceTimersByTime(HEARTBEAT);
  await until('ended', () => closed !== undefined);
  expect(closed).toBe(1006);
});
