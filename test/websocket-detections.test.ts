import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { decodeFrameMessage } from '../src/api/frame-message.ts';
import type { ClientMessage, ServerMessage } from '../src/api/socket-messages.ts';
import { objectAt } from '../src/source/test/moving-object.ts';
import { ballDetector } from './support/ball-detector.ts';
import { startServer, type TestServer } from './support/server.ts';
import { until } from './support/until.ts';

let server: TestServer;
const sockets: WebSocket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await server.close();
});

type Found = Extract<ServerMessage, { type: 'detections' }>;
const source = 'test:?size=160x120&fps=20&clock=off';

async function open() {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws`);
  sockets.push(socket);
  socket.binaryType = 'arraybuffer';
  const found: Found[] = [];
  const seqs: number[] = [];
  const errors: ServerMessage[] = [];
  const send = (message: ClientMessage) => socket.send(JSON.stringify(message));
  socket.on('message', (data, binary) => {
    if (!binary) {
      const message: ServerMessage = JSON.parse(data.toString());
      if (message.type === 'detections') found.push(message);
      if (message.type === 'error') errors.push(message);
      return;
    }
    const frame = data instanceof ArrayBuffer ? decodeFrameMessage(data) : undefined;
    if (frame === undefined) throw new Error('expected a frame');
    seqs.push(frame.seq);
    send({ type: 'ack', camera: frame.camera, seq: frame.seq });
  });
  await new Promise((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  return { socket, found, seqs, errors, send };
}

const start = async (detector = ballDetector()) => {
  const detect = { detector, fps: 60 };
  server = await startServer({
    cameras: [
      { id: 'front', source, detect, idleTimeout: 0 },
      { id: 'back', source },
    ],
  });
};

describe('a WebSocket viewer that wants results', () => {
  it('is sent them beside the pictures, of the pictures it is sent', async () => {
    await start();
    const viewer = await open();
    viewer.send({ type: 'subscribe', cameras: ['front', 'back'], detections: true });
    await until('results', () => viewer.found.length >= 10);
    const last = viewer.found.at(-1)?.result.seq ?? 0;
    await until('their pictures', () => Math.max(...viewer.seqs) > last);
    for (const { result, skipped } of viewer.found) {
      expect(result).toMatchObject({ camera: 'front', detector: 'ball', width: 160 });
      expect(result.detections[0]?.box).toEqual(objectAt(result.seq, 160, 120));
      expect(viewer.seqs).toContain(result.seq);
      expect(skipped).toBeUndefined();
    }
  });

  it('may change its mind without a gap in the pictures', async () => {
    await start();
    const viewer = await open();
    viewer.send({ type: 'subscribe', cameras: ['front'] });
    await until('pictures', () => viewer.seqs.length > 5);
    expect(viewer.found).toEqual([]);
    viewer.send({ type: 'subscribe', cameras: ['front'], detections: true });
    await until('results', () => viewer.found.length > 3);
    viewer.send({ type: 'subscribe', cameras: ['front'], detections: false });
    const state = async () => (await server.camera('front')).detector?.status.state;
    await until('no detector', async () => (await state()) === 'off');
    const { length } = viewer.found;
    const pictures = viewer.seqs.length;
    await until('more pictures', () => viewer.seqs.length > pictures + 5);
    expect(viewer.found).toHaveLength(length);
    expect(viewer.seqs).toEqual(viewer.seqs.map((_, index) => (viewer.seqs[0] ?? 0) + index));
  });

  it.each([
    [
      'unsubscribes',
      (viewer: Awaited<ReturnType<typeof open>>) =>
        viewer.send({ type: 'unsubscribe', cameras: ['front'] }),
    ],
    ['is gone', (viewer: Awaited<ReturnType<typeof open>>) => viewer.socket.terminate()],
  ])('leaves no demand behind when it %s', async (_how, leave) => {
    const detector = ballDetector();
    await start(detector);
    const viewer = await open();
    viewer.send({ type: 'subscribe', cameras: ['front'], detections: true });
    await until('results', () => viewer.found.length > 2);
    leave(viewer);
    await until('off', async () => (await server.camera('front')).status.state === 'off');
    const { looks } = detector;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(detector.looks).toBe(looks);
  });

  it('costs a bounded number of results when it does not read, and is told what it missed', async () => {
    server = await startServer({ cameras: [{ id: 'front', source, idleTimeout: false }] });
    await fetch(`${server.url}/cameras/front/snapshot.jpg`).then((response) => response.blob());
    const viewer = await open();
    viewer.send({ type: 'subscribe', cameras: ['front'], detections: true });
    await until('pictures', () => viewer.seqs.length > 0);
    viewer.socket.pause();
    const box = { x: 0.123456789, y: 0.1, width: 0.25, height: 0.5 };
    const detections = Array.from({ length: 100 }, () => ({ label: 'x', score: 0.5, box }));
    const { seq } = await server.camera('front');
    const lines = `${JSON.stringify({ detector: 'many', seq, detections })}\n`.repeat(100);
    for (let batch = 0; batch < 24; batch++) {
      const response = await fetch(`${server.url}/api/cameras/front/detections`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-ndjson' },
        body: lines,
      });
      expect(await response.json()).toMatchObject({ accepted: 100 });
    }
    viewer.socket.resume();
    const skipped = () => viewer.found.reduce((sum, message) => sum + (message.skipped ?? 0), 0);
    await until('all or told', () => viewer.found.length + skipped() === 2_400, 20_000);
    expect(skipped()).toBeGreaterThan(500);
  }, 60_000);

  it('is told when it asks in a wrong way', async () => {
    await start();
    const viewer = await open();
    viewer.socket.send('{"type":"subscribe","cameras":["front"],"detections":"yes"}');
    const [error] = await until('an answer', () => viewer.errors.length > 0 && viewer.errors);
    expect(error).toMatchObject({
      code: 'MESSAGE_INVALID',
      message: 'Expected "detections" as true or false; got "yes".',
    });
  });
});
