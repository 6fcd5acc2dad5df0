import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { JpegSplitter } from '../src/media/jpeg-splitter.ts';
import { watchMjpeg } from './support/mjpeg-client.ts';
import { startServer, type TestServer } from './support/server.ts';
import { until } from './support/until.ts';

let server: TestServer;
let pictures: Buffer[] = [];
beforeAll(async () => {
  const bytes = await readFile(new URL('../assets/demo/demo.mjpeg', import.meta.url));
  pictures = new JpegSplitter(1e7).push(bytes).slice(0, 10);
});
afterEach(() => server.close());

async function post(body: Buffer<ArrayBuffer> | string, type: string, camera = 'in') {
  const response = await fetch(`${server.url}/api/cameras/${camera}/frames`, {
    method: 'POST',
    body,
    headers: { 'Content-Type': type },
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

function bytes(index: number): Buffer<ArrayBuffer> {
  return Buffer.from(pictures[index] ?? Buffer.alloc(0));
}

describe('pushing pictures', () => {
  it('shows each one to those who watch, and says how many they are', async () => {
    server = await startServer({ cameras: { in: 'push:' } });
    expect((await post(bytes(0), 'image/jpeg')).body).toEqual({
      camera: 'in',
      accepted: 1,
      rejected: 0,
      readers: 0,
    });
    const viewer = watchMjpeg(server.port, '/cameras/in/stream.mjpg');
    const first = await until('the kept picture', () => viewer.parts[0]);
    expect(first.data.equals(bytes(0))).toBe(true);
    expect((await post(bytes(1), 'image/jpeg')).body.readers).toBe(1);
    await until('the next', () => viewer.parts.at(-1)?.data.equals(bytes(1)));
    viewer.close();
  });

  it('takes several pictures in one body, and a multipart stream for as long as it lasts', async () => {
    server = await startServer({ cameras: { in: 'push:' } });
    const concatenated = Buffer.concat(pictures.slice(0, 3));
    expect((await post(concatenated, 'image/jpeg')).body).toMatchObject({
      accepted: 3,
      rejected: 0,
    });

    const viewer = watchMjpeg(server.port, '/cameras/in/stream.mjpg');
    const sender = connect(server.port, '127.0.0.1');
    let answer = '';
    sender.on('data', (chunk) => {
      answer += chunk.toString();
    });
    sender.write(
      'POST /api/cameras/in/frames HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n' +
        'Content-Type: multipart/x-mixed-replace; boundary=B\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    const chunk = (data: Buffer) => {
      sender.write(`${data.length.toString(16)}\r\n`);
      sender.write(data);
      sender.write('\r\n');
    };
    for (const index of [4, 5, 6]) {
      const picture = bytes(index);
      const head = `--B\r\nContent-Type: image/jpeg\r\nContent-Length: ${picture.length}\r\n\r\n`;
      chunk(Buffer.concat([Buffer.from(head), picture, Buffer.from('\r\n')]));
      await until(`picture ${index}`, () => viewer.parts.at(-1)?.data.equals(picture));
    }
    sender.write('0\r\n\r\n');
    await until('the answer', () => answer.includes('"accepted":3'));
    viewer.close();
    sender.destroy();
  });

  it('refuses what is no whole JPEG, and says why', async () => {
    server = await startServer({ cameras: { in: 'push:', front: 'test:' } });
    const half = bytes(0).subarray(0, 5_000);
    expect((await post(half, 'image/jpeg')).body).toMatchObject({
      status: 422,
      code: 'PICTURE_TRUNCATED',
    });
    expect((await post('hello', 'image/jpeg')).body).toMatchObject({
      status: 422,
      code: 'PICTURE_INVALID',
    });
    expect((await post('', 'image/jpeg')).body).toMatchObject({
      status: 422,
      code: 'PICTURE_INVALID',
    });
    expect((await post('{}', 'application/json')).body).toMatchObject({ code: 'REQUEST_INVALID' });
    expect((await post(bytes(0), 'image/jpeg', 'front')).body).toMatchObject({
      status: 409,
      code: 'CAMERA_NOT_PUSH',
    });
    expect((await post(bytes(0), 'image/jpeg', 'nope')).body).toMatchObject({ status: 404 });
  });

  it('takes no picture larger than it may be, however long the body', async () => {
    server = await startServer({ cameras: { in: 'push:' }, maxPictureBytes: 10_000 });
    const answer = await post(bytes(0), 'image/jpeg');
    expect(answer.body).toMatchObject({ status: 413, code: 'PICTURE_TOO_LARGE' });
  });

  it('leaves nothing on a connection that brings one picture after another', async () => {
    server = await startServer({ cameras: { in: 'push:' } });
    const sockets: Socket[] = [];
    server.server.on('connection', (socket: Socket) => sockets.push(socket));
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const options = {
      agent,
      method: 'POST',
      headers: { 'Content-Type': 'image/jpeg', 'Content-Length': bytes(0).length },
    };
    const timeouts: (number | undefined)[] = [];
    for (let i = 0; i < 4; i += 1) {
      await new Promise<void>((resolve, reject) => {
        const sent = request(`${server.url}/api/cameras/in/frames`, options, (response) => {
          response.resume();
          response.on('end', resolve);
        });
        sent.on('error', reject);
        sent.end(bytes(0));
      });
      timeouts.push(sockets[0]?.listenerCount('timeout'));
    }
    agent.destroy();
    expect(sockets).toHaveLength(1);
    expect(new Set(timeouts).size).toBe(1);
  });

  it('answers at once when it will not read the rest, and closes', async () => {
    server = await startServer({ cameras: { in: 'push:' }, maxPictureBytes: 100_000 });
    const endless = Buffer.concat([bytes(0), bytes(0).subarray(0, 10_000), Buffer.alloc(2e6, 1)]);
    for (const type of ['image/jpeg', 'text/plain']) {
      const sender = connect(server.port, '127.0.0.1');
      let answer = '';
      let closed = false;
      sender.on('data', (chunk) => {
        answer += chunk.toString();
      });
      sender.on('close', () => {
        closed = true;
      });
      sender.on('error', () => {});
      sender.write(
        `POST /api/cameras/in/frames HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${type}\r\n` +
          'Content-Length: 100000000\r\n\r\n',
      );
      sender.write(endless);
      await until(`an answer to ${type}`, () => closed, 2_000);
      expect(answer).toMatch(type === 'text/plain' ? /^HTTP\/1\.1 400/ : /"accepted":1/);
    }
  });
});
