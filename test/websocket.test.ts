import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { decodeFrameMessage, type FrameMessage } from '../src/api/frame-message.ts';
import type { ClientMessage, ServerMessage } from '../src/api/socket-messages.ts';
import { checkJpeg } from '../src/media/jpeg.ts';
import { startServer, type TestServer } from './support/server.ts';
import { until } from './support/until.ts';

let server: TestServer;
const sockets: WebSocket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await server.close();
});

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const front = 'test:?size=160x120&fps=30';

async function open(path = '/ws') {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`);
  sockets.push(socket);
  socket.binaryType = 'arraybuffer';
  const messages: ServerMessage[] = [];
  const frames: FrameMessage[] = [];
  let closed: number | undefined;
  const viewer = {
    socket,
    messages,
    frames,
    closed: () => closed,
    autoAck: false,
    send: (message: ClientMessage) => socket.send(JSON.stringify(message)),
    of: <T extends ServerMessage['type']>(type: T) =>
      messages.filter(
        (message): message is Extract<ServerMessage, { type: T }> => message.type === type,
      ),
  };
  socket.on('message', (data, binary) => {
    if (!binary) {
      messages.push(JSON.parse(data.toString()));
      return;
    }
    if (!(data instanceof ArrayBuffer)) throw new Error('expected an ArrayBuffer');
    const frame = decodeFrameMessage(data);
    if (frame === undefined) throw new Error('not a frame');
    frames.push(frame);
    if (viewer.autoAck) viewer.send({ type: 'ack', camera: frame.camera, seq: frame.seq });
  });
  socket.on('close', (code) => {
    closed = code;
  });
  await new Promise((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  return viewer;
}

describe('a WebSocket viewer', () => {
  it('is greeted, told the state, and sent frames that say what they are', async () => {
    server = await startServer({ cameras: [{ id: 'front', name: 'Front door', source: front }] });
    const viewer = await open();
    viewer.send({ type: 'subscribe', cameras: ['front'] });
    const frame = await until('a frame', () => viewer.frames[0]);
    const [hello] = viewer.of('hello');
    expect(hello).toMatchObject({ type: 'hello', protocol: 1 });
    expect(Math.abs((hello?.now ?? 0) - Date.now())).toBeLessThan(1_000);
    expect(viewer.of('status').map(({ status }) => status.state)).toEqual([
      'off',
      'starting',
      'live',
    ]);
    expect(viewer.of('status')[0]).toMatchObject({ camera: 'front', name: 'Front door' });
    expect(frame).toMatchObject({
      camera: 'front',
      seq: 1,
      width: 160,
      height: 120,
      keyframe: true,
    });
    expect(Date.now() - frame.capturedAt).toBeLessThan(1_000);
    checkJpeg(Buffer.from(frame.data));
  });

  it('never has more than two frames on their way, then gets the newest', async () => {
    server = await startServer({ cameras: { front } });
    const viewer = await open();
    viewer.send({ type: 'subscribe', cameras: ['front'] });
    await until('two frames', () => viewer.frames.length === 2);
    await sleep(500);
    expect(viewer.frames).toHaveLength(2);
    const newest = (await server.camera('front')).seq;
    viewer.send({ type: 'ack', camera: 'front', seq: viewer.frames[0]?.seq ?? 0 });
    const next = await until('the third', () => viewer.frames[2]);
    expect(next.seq).toBeGreaterThanOrEqual(newest);
    expect((await server.camera('front')).readers[0]?.skipped).toBeGreaterThan(8);
    viewer.send({ type: 'ack', camera: 'front', seq: next.seq });
    await until('two more', () => viewer.frames.length === 5);
  });

  it('that acknowledges everything gets everything, and its age is what it saw', async () => {
    server = await startServer({ cameras: { front } });
    const viewer = await open();
    viewer.autoAck = true;
    viewer.send({ type: 'subscribe', cameras: ['front'] });
    await until('thirty', () => viewer.frames.length >= 30);
    const seqs = viewer.frames.map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    const [reader] = (await server.camera('front')).readers;
    expect(reader).toMatchObject({ kind: 'websocket', skipped: 0 });
    expect(reader?.age).toBeLessThan(500);
  });

  it('watches many cameras on one socket, each with its own credit', async () => {
    const ids = Array.from({ length: 8 }, (_, index) => `cam${index}`);
    server = await startServer({ cameras: Object.fromEntries(ids.map((id) => [id, front])) });
    const viewer = await open();
    viewer.send({ type: 'subscribe', cameras: ids });
    await until('two of each', () => viewer.frames.length === 16);
    for (const id of ids) {
      expect(viewer.frames.filter(({ camera }) => camera === id)).toHaveLength(2);
    }
    viewer.send({ type: 'unsubscribe', cameras: ids.slice(1) });
    await until('one reader', async () => {
      const cameras = await Promise.all(ids.map((id) => server.camera(id)));
      return cameras.flatMap(({ readers }) => readers).length === 1;
    });
  });

  it('may ask for another form, and change it without a gap', async () => {
    server = await startServer({ cameras: { front: 'test:?size=640x360&fps=30' } });
    const viewer = await open();
    viewer.autoAck = true;
    viewer.send({ type: 'subscribe', cameras: ['front'], width: 300 });
    await until('small ones', () => viewer.frames.length > 5);
    expect(viewer.frames[0]).toMatchObject({ width: 320, height: 180 });
    expect((await server.camera('front')).readers).toMatchObject([{ variant: 'width=320' }]);
    viewer.send({ type: 'subscribe', cameras: ['front'] });
    await until('large ones', () => viewer.frames.at(-1)?.width === 640);
    await until('no form', async () => (await server.camera('front')).variants.length === 0);
    const seqs = viewer.frames.map(({ seq }) => seq);
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
    expect((await server.camera('front')).starts).toBe(1);
  });

  it('hears of every change of state while it stays connected', async () => {
    server = await startServer({ cameras: { front: 'test:?size=160x120&fps=30&fail=3' } });
    const viewer = await open();
    viewer.autoAck = true;
    viewer.send({ type: 'subscribe', cameras: ['front'] });
    await until('live again', () => viewer.frames.length > 6);
    const statuses = viewer.of('status').map(({ status }) => status);
    expect(statuses.map(({ state }) => state)).toEqual([
      'off',
      'starting',
      'live',
      'retrying',
      'starting',
      'live',
    ]);
    expect(statuses[3]).toMatchObject({ code: 'SOURCE_FAILED', attempt: 1 });
  });

  it('is told when a camera does not exist or is removed, and goes on with the others', async () => {
    server = await startServer({ cameras: { front, back: front } });
    const viewer = await open();
    viewer.autoAck = true;
    viewer.send({ type: 'subscribe', cameras: ['nope', 'front', 'back'] });
    await until('frames', () => viewer.frames.length > 2);
    expect(viewer.of('gone')).toMatchObject([{ camera: 'nope', code: 'CAMERA_NOT_FOUND' }]);
    await server.framehub.removeCamera('front');
    await until('gone', () => viewer.of('gone').length === 2);
    const before = viewer.frames.length;
    await until('more', () => viewer.frames.length > before + 3);
    expect(viewer.frames.at(-1)?.camera).toBe('back');
    server.framehub.addCamera({ id: 'front', source: front });
    viewer.send({ type: 'subscribe', cameras: ['front'] });
    await until('front again', () => viewer.frames.at(-1)?.camera === 'front');
  });

  it('is told the clock of the server', async () => {
    server = await startServer();
    const viewer = await open();
    viewer.send({ type: 'ping', id: 7 });
    const pong = await until('pong', () => viewer.of('pong')[0]);
    expect(pong.id).toBe(7);
    expect(Math.abs(pong.now - Date.now())).toBeLessThan(1_000);
  });

  it('is told what was wrong with a message, and stays', async () => {
    server = await startServer({ cameras: { front } });
    const viewer = await open();
    const wrong = [
      'nonsense',
      '[]',
      '{"type":"dance"}',
      '{"type":"subscribe"}',
      '{"type":"subscribe","cameras":[1]}',
      '{"type":"ack","camera":"front","seq":"x"}',
      '{"type":"subscribe","cameras":["front"],"quality":"best"}',
    ];
    for (const text of wrong) viewer.socket.send(text);
    viewer.socket.send(Buffer.from([1, 2, 3]));
    await until('answers', () => viewer.of('error').length === wrong.length + 1);
    for (const { code, message } of viewer.of('error')) {
      expect(code).toBe('MESSAGE_INVALID');
      expect(message).toMatch(/^Expected .+; got .+\.$/);
    }
    viewer.send({ type: 'subscribe', cameras: ['front'] });
    await until('a frame', () => viewer.frames.length > 0);
  });

  it('is cut off when it sends a message of more than 64 KB', async () => {
    server = await startServer();
    const viewer = await open();
    viewer.socket.send('x'.repeat(70_000));
    await until('closed', () => viewer.closed() !== undefined);
    expect(viewer.closed()).toBe(1009);
  });

  it('leaves no reader behind when its connection breaks', async () => {
    server = await startServer({ cameras: { front } });
    const viewer = await open();
    viewer.send({ type: 'subscribe', cameras: ['front'] });
    await until('a frame', () => viewer.frames.length > 0);
    viewer.socket.terminate();
    await until('gone', async () => (await server.camera('front')).readers.length === 0);
  });

  it('is said goodbye to when the server stops', async () => {
    server = await startServer({ cameras: { front } });
    const viewer = await open();
    viewer.send({ type: 'subscribe', cameras: ['front'] });
    await until('a frame', () => viewer.frames.length > 0);
    await server.framehub.close();
    await until('closed', () => viewer.closed() !== undefined);
    expect(viewer.closed()).toBe(1001);
  });

  it('finds the socket where the handler is mounted, and nowhere else', async () => {
    server = await startServer();
    await open('/some/where/ws');
    await expect(open('/elsewhere')).rejects.toThrow('404');
  });
});
