import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { failureOf } from '../../../test/support/failure.ts';
import { demoPictures } from '../../../test/support/jpegs.ts';
import { startTcp, type TestServer } from '../../../test/support/loopback-servers.ts';
import { until } from '../../../test/support/until.ts';
import { take } from '../../source.contract.ts';
import { readAddress } from './address.ts';
import { connectionFailure } from './failure.ts';
import { httpSource } from './http-source.ts';

const CAP = 1 << 20;
const context = { camera: 'test', ffmpeg: 'ffmpeg', maxPictureBytes: CAP };
const open = (text: string) => httpSource.open(text, context);
const picture = demoPictures()[0] ?? Buffer.alloc(0);

const servers: TestServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** A camera that answers any request with what `answer` writes. */
async function camera(answer: (socket: Socket) => void): Promise<TestServer> {
  const server = await startTcp((socket) => socket.once('data', () => answer(socket)));
  servers.push(server);
  return server;
}

const stream =
  'HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=cam\r\n\r\n--cam\r\n';

/** Writes as fast as it is taken. */
function writeOn(socket: Socket, chunk: Buffer): void {
  const write = () => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', write);
  write();
}

/** Writes a little every few milliseconds. */
function trickle(socket: Socket, text: string): void {
  const timer = setInterval(() => socket.write(text), 5);
  socket.once('close', () => clearInterval(timer));
}

describe('a hostile camera', () => {
  it.each<[string, string, string, string]>([
    [
      'a picture of 5 GB announced in a stream',
      `${stream}Content-Length: 5368709120\r\n\r\nabc`,
      'PICTURE_TOO_LARGE',
      '5368709120',
    ],
    [
      'a still of 5 GB',
      'HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: 5368709120\r\n\r\nabc',
      'PICTURE_TOO_LARGE',
      '5368709120',
    ],
    [
      'headers that do not end',
      `HTTP/1.1 200 OK\r\n${'X-Filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(3_000)}`,
      'SOURCE_FAILED',
      '16 KB',
    ],
    [
      'headers of a part that do not end',
      `${stream}${'X-Filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(3_000)}`,
      'PICTURE_INVALID',
      'headers of a part',
    ],
    [
      'a web page',
      'HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html>',
      'SOURCE_NOT_PICTURES',
      '"text/html; charset=utf-8"',
    ],
    ['no type at all', 'HTTP/1.1 200 OK\r\n\r\nabc', 'SOURCE_NOT_PICTURES', 'no Content-Type'],
    ['something that is not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'SOURCE_NOT_PICTURES', 'not HTTP'],
    [
      'nothing at that path',
      'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n',
      'SOURCE_NOT_FOUND',
      '404',
    ],
    [
      'access forbidden',
      'HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n',
      'SOURCE_UNAUTHORIZED',
      '403',
    ],
    [
      'a status of its own',
      'HTTP/1.1 503 \x07\r\nContent-Length: 0\r\n\r\n',
      'SOURCE_HTTP_STATUS',
      '503 (Service Unavailable)',
    ],
    [
      'an upgrade nobody asked for',
      'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
      'SOURCE_FAILED',
      'http://127',
    ],
  ])(
    '%s is an error with its own code and sentence, and leaves no socket',
    async (_name, answer, code, said) => {
      const server = await camera((socket) => socket.write(answer));
      const { error } = await failureOf(open(`http://${server.host}/`));
      expect(error.message).toContain(said);
      expect(error.code).toBe(code);
      await until('the socket is closed', () => server.open() === 0);
    },
  );

  it('one that hangs up without an answer is an error', async () => {
    const server = await camera((socket) => socket.destroy());
    const { error } = await failureOf(open(`http://${server.host}/`));
    expect(error).toMatchObject({
      code: 'SOURCE_FAILED',
      message: expect.stringContaining('without an answer'),
    });
  });

  it.each([
    ['says nothing', () => {}],
    [
      'sends its headers byte by byte',
      (socket: Socket) => {
        socket.write('HTTP/1.1 200 OK\r\nX-Long: ');
        trickle(socket, 'x');
      },
    ],
    [
      'sends only interim answers',
      (socket: Socket) => trickle(socket, 'HTTP/1.1 102 Processing\r\n\r\n'),
    ],
  ])('one that %s is given up after the time it has', async (_name, answer) => {
    const server = await camera(answer);
    const began = performance.now();
    const { error } = await failureOf(open(`http://${server.host}/#timeout=0.3`));
    expect(error).toMatchObject({
      code: 'SOURCE_TIMEOUT',
      message: expect.stringContaining('0.3 s'),
    });
    expect(performance.now() - began).toBeLessThan(3_000);
    await until('the socket is closed', () => server.open() === 0);
  });

  it.each([
    ['a part without end', `${stream}Content-Type: image/jpeg\r\n\r\n`, Buffer.alloc(65_536, 0x41)],
    [
      'a still without end',
      'HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n',
      Buffer.alloc(65_536, 0x41),
    ],
    ['a JPEG without end', `${stream}\r\n\xff\xd8\xff\xda\0\x02`, Buffer.alloc(65_536, 0x41)],
  ])('%s is cut at the cap', async (_name, begin, chunk) => {
    let written = 0;
    const server = await camera((socket) => {
      socket.write(begin, 'latin1');
      socket.once('close', () => {
        written = socket.bytesWritten;
      });
      writeOn(socket, chunk);
    });
    const { error } = await failureOf(open(`http://${server.host}/`));
    expect(error.code).toBe('PICTURE_TOO_LARGE');
    await until('the socket is closed', () => server.open() === 0);
    // What the cap allows and what the network's buffers took in the meantime.
    expect(written).toBeLessThan(CAP + 32 * 1024 * 1024);
  });

  it('endless garbage between pictures takes no memory, and ends when told to', async () => {
    let written = () => 0;
    const server = await camera((socket) => {
      written = () => socket.bytesWritten;
      socket.write(`${stream}Content-Length: ${picture.length}\r\n\r\n`);
      socket.write(picture);
      writeOn(socket, Buffer.alloc(65_536, 0x41));
    });
    const { rss } = process.memoryUsage();
    const abort = new AbortController();
    const run = open(`http://${server.host}/`).frames(abort.signal, 1)[Symbol.asyncIterator]();
    expect((await run.next()).done).toBe(false);
    const pending = run.next();
    await until('much garbage was sent', () => written() > 300 * CAP);
    expect(process.memoryUsage().rss).toBeLessThan(rss + 200 * CAP);
    abort.abort();
    expect(await pending).toEqual({ done: true, value: undefined });
    await until('the socket is closed', () => server.open() === 0);
  });

  it.each([
    ['a stream', `${stream}Content-Length: 900000\r\n\r\n`],
    ['a still', 'HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: 900000\r\n\r\n'],
  ])('one that sends %s byte by byte ends promptly when told to', async (_name, begin) => {
    const server = await camera((socket) => {
      socket.write(begin);
      trickle(socket, 'x');
    });
    const abort = new AbortController();
    const run = open(`http://${server.host}/`).frames(abort.signal, 1)[Symbol.asyncIterator]();
    const pending = run.next();
    await until('it is connected', () => server.open() === 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    abort.abort();
    const aborted = performance.now();
    expect(await pending).toEqual({ done: true, value: undefined });
    await until('the socket is closed', () => server.open() === 0);
    expect(performance.now() - aborted).toBeLessThan(1_000);
  });

  it('garbage before, between and after does not hide the pictures', async () => {
    const part = Buffer.concat([
      Buffer.from('\r\n--cam\r\nContent-Type: image/jpeg\r\n\r\n'),
      picture,
      Buffer.alloc(5_000, 0x0a),
      Buffer.from([0xff, 0xd8, 0xff, 0, 1, 2]),
    ]);
    const server = await camera((socket) => {
      socket.write(stream.slice(0, -'--cam\r\n'.length));
      const timer = setInterval(() => socket.write(part), 5);
      socket.once('close', () => clearInterval(timer));
    });
    const taken = await take(open(`http://${server.host}/`), 5);
    for (const { data } of taken) expect(data.equals(picture)).toBe(true);
  });

  it('an answer of an old camera, with bare line feeds, is read', async () => {
    const server = await camera((socket) => {
      socket.write('HTTP/1.0 200 OK\nContent-Type: multipart/x-mixed-replace;boundary="--cam"\n\n');
      socket.write(Buffer.concat([Buffer.from('--cam\nContent-type: image/jpeg\n\n'), picture]));
    });
    const [taken] = await take(open(`http://${server.host}/`), 1);
    expect(taken?.data.equals(picture)).toBe(true);
  });
});

describe('a camera that is not there', () => {
  it('nobody listening is a refusal', async () => {
    const server = await camera(() => {});
    await server.close();
    const { error } = await failureOf(open(`http://${server.host}/`));
    expect(error.code).toBe('SOURCE_REFUSED');
  });

  it('a host name that cannot be is unknown', async () => {
    // A label may have 63 letters, so no name server is asked.
    const { error } = await failureOf(open(`http://user:s3cret@${'x'.repeat(64)}.invalid/`));
    expect(error.code).toBe('SOURCE_UNKNOWN_HOST');
    expect(error.message).not.toContain('s3cret');
  });

  it.each([
    ['EHOSTUNREACH', 'SOURCE_UNREACHABLE'],
    ['ENETUNREACH', 'SOURCE_UNREACHABLE'],
    ['ETIMEDOUT', 'SOURCE_UNREACHABLE'],
    ['EAI_AGAIN', 'SOURCE_UNKNOWN_HOST'],
    ['EWHATEVER', 'SOURCE_FAILED'],
  ])('%s of the network is %s', (code, ours) => {
    const cause = Object.assign(new Error('said the network'), { code });
    const error = connectionFailure(cause, readAddress('http://u:s3cret@host/'));
    expect(error).toMatchObject({ code: ours, cause });
    expect(error.message).toContain('http://u:***@host/');
  });
});
