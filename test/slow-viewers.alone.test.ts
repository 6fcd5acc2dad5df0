import type { Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { distinctSeqs, type MjpegClient, watchMjpeg } from './support/mjpeg-client.ts';
import { startServer, type TestServer } from './support/server.ts';
import { until } from './support/until.ts';

let server: TestServer;
afterEach(() => server.close());

const path = '/cameras/front/stream.mjpg';
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The server's side of a viewer's connection. */
function serverSide(sockets: Set<Socket>, viewer: MjpegClient): Socket {
  const { localPort } = viewer.socket;
  const socket = [...sockets].find(({ remotePort }) => remotePort === localPort);
  if (socket === undefined) throw new Error('no such connection');
  return socket;
}

it('a fast viewer gets everything beside a paused and a trickling one, who get the newest when they read', async () => {
  server = await startServer({ cameras: { front: 'test:?size=1280x720&fps=30' } });
  const sockets = new Set<Socket>();
  server.server.on('connection', (socket) => sockets.add(socket));

  const paused = watchMjpeg(server.port, path);
  const trickling = watchMjpeg(server.port, path);
  const fast = watchMjpeg(server.port, path);
  await until('all', () => [paused, trickling, fast].every(({ parts }) => parts.length > 0));
  const largest = Math.max(...fast.parts.map(({ data }) => data.length)) + 1_000;

  paused.socket.pause();
  const onServer = {
    paused: serverSide(sockets, paused),
    trickling: serverSide(sockets, trickling),
  };
  let mostWaiting = 0;
  const sampling = setInterval(() => {
    mostWaiting = Math.max(
      mostWaiting,
      onServer.paused.writableLength,
      onServer.trickling.writableLength,
    );
  }, 5);
  // 64 KB every quarter of a second: less than two pictures.
  trickling.socket.pause();
  const trickle = setInterval(() => {
    trickling.socket.once('data', () => trickling.socket.pause());
    trickling.socket.resume();
  }, 250);

  const from = (await server.camera('front')).seq;
  const fastFrom = fast.parts.length;
  await sleep(8_000);
  const to = (await server.camera('front')).seq;
  await until('the last one', () => (fast.parts.at(-1)?.seq ?? 0) >= to);
  const got = distinctSeqs(fast.parts.slice(fastFrom)).filter((seq) => seq > from && seq <= to);
  expect(got.length).toBeGreaterThanOrEqual(0.95 * (to - from));

  // One picture in user space, however long a viewer does not read.
  expect(mostWaiting).toBeGreaterThan(0);
  expect(mostWaiting).toBeLessThanOrEqual(largest * 1.5);
  expect(onServer.paused.writableLength).toBeLessThanOrEqual(largest * 1.5);

  // The kernel's backlog first, then at once the newest: nothing of the time between.
  const resumedAt = (await server.camera('front')).seq;
  paused.socket.resume();
  await until('the newest', () => (paused.parts.at(-1)?.seq ?? 0) >= resumedAt);
  const seqs = distinctSeqs(paused.parts);
  const newest = seqs.findIndex((seq) => seq >= resumedAt);
  const backlog = seqs.slice(0, newest);
  expect(backlog.length).toBeGreaterThan(0);
  expect(Math.max(...backlog)).toBeLessThan(from + (to - from) / 2);

  const trickled = distinctSeqs(trickling.parts);
  expect(trickled).toEqual([...trickled].sort((a, b) => a - b));
  expect(trickling.closed).toBe(false);
  const reports = (await server.camera('front')).readers;
  expect(reports.map(({ skipped }) => skipped).sort((a, b) => a - b)[2]).toBeGreaterThan(50);

  // What was sent in pieces while newer pictures were built is whole.
  const sent = new Map(fast.parts.map(({ seq, data }) => [seq, data]));
  for (const { seq, data } of [...paused.parts, ...trickling.parts]) {
    expect(sent.get(seq)?.equals(data) ?? true).toBe(true);
  }

  clearInterval(sampling);
  clearInterval(trickle);
  for (const viewer of [paused, trickling, fast]) viewer.close();
}, 30_000);
