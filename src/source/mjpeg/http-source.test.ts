import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { failureOf } from '../../../test/support/failure.ts';
import { demoPictures } from '../../../test/support/jpegs.ts';
import { startHttp, type TestServer } from '../../../test/support/loopback-servers.ts';
import { until } from '../../../test/support/until.ts';
import { sourceContract, take } from '../../source.contract.ts';
import type { SourceFrame } from '../../source.ts';
import { httpSource } from './http-source.ts';

const context = { camera: 'test', ffmpeg: 'ffmpeg', maxPictureBytes: 1 << 20 };
const pictures = demoPictures().slice(0, 8);
const open = (text: string) => httpSource.open(text, context);

const servers: TestServer[] = [];
async function serve(...args: Parameters<typeof startHttp>): Promise<TestServer> {
  const server = await startHttp(...args);
  servers.push(server);
  return server;
}
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

function writePart(response: ServerResponse, picture: Buffer, headers = ''): void {
  response.write(`--cam\r\nContent-Type: image/jpeg\r\n${headers}\r\n`);
  response.write(picture);
  response.write('\r\n');
}

/** Writes the pictures in turn, one each `interval` ms, until the other side is gone. */
function streamOn(response: ServerResponse, interval: number): void {
  response.writeHead(200, { 'Content-Type': 'multipart/x-mixed-replace; boundary=cam' });
  let next = 0;
  const timer = setInterval(() => {
    const picture = pictures[next++ % pictures.length];
    if (picture) writePart(response, picture, `Content-Length: ${picture.length}\r\n`);
  }, interval);
  response.once('close', () => clearInterval(timer));
}

const placeOf = ({ data }: SourceFrame) => pictures.findIndex((picture) => picture.equals(data));

sourceContract('http: (stream)', async () => {
  let asked = 0;
  const server = await startHttp((request, response) => {
    if (request.url === '/stream') return streamOn(response, 15);
    asked += 1;
    response.writeHead(503).end();
  });
  const at = (path: string) => open(`http://user:s3cret@${server.host}${path}`);
  return {
    open: () => at('/stream'),
    placeOf,
    failing: { open: () => at('/broken'), code: 'SOURCE_HTTP_STATUS', attempts: () => asked },
    secrets: ['s3cret'],
    leftovers: () => (server.open() === 0 ? [] : [`${server.open()} sockets at the server`]),
    close: () => server.close(),
  };
});

sourceContract('http: (stills)', async () => {
  let next = 0;
  let asked = 0;
  const server = await startHttp((request, response) => {
    if (request.url === '/broken') {
      asked += 1;
      response.writeHead(200, { 'Content-Type': 'image/jpeg', 'Content-Length': '99999999999' });
      response.write('x');
      return;
    }
    const picture = pictures[next++ % pictures.length];
    response.writeHead(200, { 'Content-Type': 'image/jpeg' }).end(picture);
  });
  return {
    open: () => {
      next = 0;
      return open(`http://${server.host}/snapshot#fps=30`);
    },
    placeOf,
    failing: {
      open: () => open(`http://${server.host}/broken`),
      code: 'PICTURE_TOO_LARGE',
      attempts: () => asked,
    },
    leftovers: () => (server.open() === 0 ? [] : [`${server.open()} sockets at the server`]),
    close: () => server.close(),
  };
});

describe('an HTTP stream', () => {
  it('passes the pictures through byte for byte', async () => {
    const server = await serve((_request, response) => streamOn(response, 10));
    const taken = await take(open(`http://${server.host}/`), 6);
    expect(taken.map(placeOf)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('keeps the capture time a camera tells, unless its clock is elsewhere', async () => {
    const told = Date.now() / 1000 - 3.25;
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'multipart/x-mixed-replace; boundary=cam' });
      const [picture] = pictures;
      if (!picture) return;
      writePart(response, picture, `X-Timestamp: ${told.toFixed(6)}\r\n`);
      setTimeout(() => writePart(response, picture, 'X-Timestamp: 1234.5\r\n'), 50);
    });
    const [first, second] = await take(open(`http://${server.host}/`), 2);
    expect(first?.capturedAt).toBeCloseTo(told * 1000, 1);
    expect(Math.abs(Date.now() - (second?.capturedAt ?? 0))).toBeLessThan(5_000);
  });

  it('a picture is there before the next one comes, with and without a length', async () => {
    const server = await serve((request, response) => {
      response.writeHead(200, { 'Content-Type': 'multipart/x-mixed-replace; boundary=cam' });
      const [picture] = pictures;
      const length = request.url === '/length' ? `Content-Length: ${picture?.length}\r\n` : '';
      if (picture) writePart(response, picture, length);
    });
    for (const path of ['/length', '/none']) {
      expect(await take(open(`http://${server.host}${path}`), 1)).toHaveLength(1);
    }
  });

  it('a slow loop gets the newest picture, not the oldest', async () => {
    let written = -1;
    let more: (() => void) | undefined;
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'multipart/x-mixed-replace; boundary=cam' });
      more = () => {
        const picture = pictures[++written];
        if (picture) writePart(response, picture);
      };
      more();
    });
    const abort = new AbortController();
    const run = open(`http://${server.host}/`).frames(abort.signal, 1)[Symbol.asyncIterator]();
    const places = [placeOf((await run.next()).value)];
    for (let i = 0; i < 5; i++) {
      more?.();
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    while (places.at(-1) !== 5) places.push(placeOf((await run.next()).value));
    abort.abort();
    expect((await run.next()).done).toBe(true);
    // Three would still be told apart from a queue, should this machine be busy.
    expect(places.length, `${places}`).toBeLessThanOrEqual(3);
  });

  it('one that ends says so, after its last picture', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'multipart/x-mixed-replace; boundary=cam' });
      for (const picture of pictures.slice(0, 2)) writePart(response, picture);
      response.end('--cam--\r\n');
    });
    const { error, pictures: got } = await failureOf(open(`http://${server.host}/`));
    expect(error.code).toBe('SOURCE_ENDED');
    expect(got.map(placeOf).at(-1)).toBe(1);
  });

  it('one whose connection breaks says so', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'multipart/x-mixed-replace; boundary=cam' });
      response.write('--cam\r\nContent-Length: 500\r\n\r\nabc', () => response.destroy());
    });
    const { error } = await failureOf(open(`http://${server.host}/`));
    expect(error.code).toBe('SOURCE_ENDED');
    expect(error.message).toContain('broke off');
  });
});

describe('an HTTP still', () => {
  it('is asked for again over one connection, at its pace, never twice at once', async () => {
    const begun: number[] = [];
    let running = 0;
    let most = 0;
    const ports = new Set<number | undefined>();
    const server = await serve((request, response) => {
      begun.push(performance.now());
      ports.add(request.socket.remotePort);
      most = Math.max(most, ++running);
      setTimeout(() => {
        running -= 1;
        response.writeHead(200, { 'Content-Type': 'image/jpeg' }).end(pictures[0]);
      }, 30);
    });
    expect(await take(open(`http://${server.host}/#fps=10`), 5)).toHaveLength(5);
    expect(most).toBe(1);
    expect(ports.size).toBe(1);
    // Four intervals of 100 ms, however long the answers take.
    expect((begun[4] ?? 0) - (begun[0] ?? 0)).toBeGreaterThan(330);
  });

  it('goes on when the camera closes the connection between two pictures', async () => {
    const used = new Set<unknown>();
    let closed = 0;
    const server = await serve((request, response) => {
      if (used.has(request.socket)) {
        closed += 1;
        request.socket.destroy();
        return;
      }
      used.add(request.socket);
      response.writeHead(200, { 'Content-Type': 'image/jpeg' }).end(pictures[0]);
    });
    expect(await take(open(`http://${server.host}/#fps=30`), 4)).toHaveLength(4);
    expect(closed).toBeGreaterThanOrEqual(3);
  });

  it('its rate is what the stall watch is told', () => {
    expect(open('http://127.0.0.1/#fps=0.1').interval).toBe(10_000);
    expect(open('http://127.0.0.1/').interval).toBe(1_000);
  });

  it('an answer that is no picture any more is an error', async () => {
    let asked = 0;
    const server = await serve((_request, response) => {
      const type = asked++ === 0 ? 'image/jpeg' : 'text/html';
      response.writeHead(200, { 'Content-Type': type }).end(pictures[0]);
    });
    const { error, pictures: got } = await failureOf(open(`http://${server.host}/#fps=30`));
    expect(got).toHaveLength(1);
    expect(error).toMatchObject({
      code: 'SOURCE_NOT_PICTURES',
      message: expect.stringContaining('text/html'),
    });
    await until('the socket is gone', () => server.open() === 0);
  });
});

describe('the text of an HTTP source', () => {
  it.each([
    ['http://host/#rate=2', '"rate"'],
    ['http://host/#fps=31', '"31"'],
    ['http://host/#insecure=yes', '"yes"'],
    ['http://', 'http://'],
    ['http://user:pa#ss@host/', 'user:***@host'],
    ['http://user:%zz@host/', 'user:***@host'],
    ['http://user:%0d%0a@host/', 'user:***@host'],
  ])('%s is refused with what is wrong', (text, shown) => {
    expect(() => open(text)).toThrow(
      expect.objectContaining({
        code: 'SOURCE_INVALID',
        message: expect.stringContaining(shown),
      }),
    );
  });

  it('is taken for http and https only', () => {
    for (const text of ['http://h/', 'HTTPS://h/']) expect(httpSource.matches(text)).toBe(true);
    for (const text of ['rtsp://h/', 'ffmpeg:http://h/', 'httpx://h']) {
      expect(httpSource.matches(text)).toBe(false);
    }
  });
});
