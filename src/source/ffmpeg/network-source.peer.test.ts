import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { groupMembers, ownChildren } from '../../../test/support/processes.ts';
import {
  type RtspServer,
  type RtspServerOptions,
  startRtspServer,
} from '../../../test/support/rtsp-server.ts';
import { sourceContract, take } from '../../source.contract.ts';
import type { Source } from '../../source.ts';
import { networkSource } from './network-source.ts';

const context = { camera: 'a', ffmpeg: 'ffmpeg', maxPictureBytes: 4_000_000 };
const open = (text: string): Source => networkSource.open(text, context);

const servers: { kill(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.kill()));
});

async function rtsp(options?: RtspServerOptions): Promise<RtspServer> {
  const server = await startRtspServer(options);
  servers.push(server);
  return server;
}

/** A server that does with each connection what it is told; the port it listens on. */
async function tcpServer(each: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    each(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push({
    async kill() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A port of this machine where nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function failureOf(
  source: Source,
  each: (count: number) => unknown = () => {},
): Promise<unknown> {
  let count = 0;
  try {
    for await (const _ of source.frames(new AbortController().signal, 1)) {
      count += 1;
      await each(count);
    }
  } catch (error) {
    return error;
  }
  return undefined;
}

const captures = async () =>
  (await ownChildren()).filter(({ command }) => command.startsWith('ffmpeg '));

sourceContract('rtsp:', async () => {
  const server = await startRtspServer({ user: 'viewer', password: 'geheim' });
  const address = `127.0.0.1:${server.port}/cam`;
  return {
    open: () => open(`rtsp://viewer:geheim@${address}`),
    failing: {
      open: () => open(`rtsp://viewer:streng-geheim@${address}`),
      code: 'SOURCE_UNAUTHORIZED',
    },
    secrets: ['geheim'],
    leftovers: async () => (await captures()).map(({ command }) => command),
    close: () => server.kill(),
  };
});

describe('pictures', () => {
  it.each([
    ['H.264 over TCP', 'h264', ''],
    ['H.264 over UDP', 'h264', '#transport=udp'],
    ['Motion JPEG over TCP', 'mjpeg', ''],
  ] as const)('come from %s', async (_, codec, options) => {
    const server = await rtsp({ codec });
    const got = await take(open(`${server.url}${options}`), 10);
    for (const { data } of got) {
      expect(await sharp(data).metadata()).toMatchObject({ width: 320, height: 240 });
    }
    // The clock and the ball: no two pictures are the same.
    expect(new Set(got.map(({ data }) => data.toString('base64'))).size).toBe(got.length);
  });

  it('come in the size and at the rate that were asked for', async () => {
    const server = await rtsp();
    const got = await take(open(`${server.url}#width=160&fps=5&quality=20`), 6);
    for (const { data } of got) {
      expect(await sharp(data).metadata()).toMatchObject({ width: 160, height: 120 });
    }
    const [first, last] = [got[1]?.capturedAt ?? 0, got[5]?.capturedAt ?? 0];
    expect(last - first).toBeGreaterThan(500);
  });
});

it('a server that is killed ends it with a reason; it works again when opened again', async () => {
  const server = await rtsp();
  const source = open(server.url);
  const error = await failureOf(source, (count) => count === 3 && server.kill());
  expect(error).toMatchObject({ name: 'FramehubError', code: 'SOURCE_ENDED' });
  expect(await failureOf(source)).toMatchObject({ code: 'SOURCE_REFUSED' });
  await rtsp({ port: server.port });
  expect(await take(source, 3)).toHaveLength(3);
});

it('an abort while the server is silent ends it within 1.5 s, and its process group is gone', async () => {
  const server = await rtsp();
  const abort = new AbortController();
  let group = 0;
  let aborted = 0;
  const run = open(server.url).frames(abort.signal, 1)[Symbol.asyncIterator]();
  await run.next();
  group = (await captures())[0]?.group ?? 0;
  expect(group).toBeGreaterThan(0);
  server.freeze();
  await sleep(200);
  aborted = performance.now();
  abort.abort();
  while (!(await run.next()).done);
  server.thaw();
  expect(performance.now() - aborted).toBeLessThan(1_500);
  expect(await groupMembers(group)).toEqual([]);
});

describe('says why there are no pictures:', () => {
  it.each(['rtsp', 'rtmp'])('nobody listens (%s)', async (scheme) => {
    const port = await closedPort();
    expect(await failureOf(open(`${scheme}://u:geheim@127.0.0.1:${port}/x/y`))).toMatchObject({
      code: 'SOURCE_REFUSED',
      message: expect.not.stringContaining('geheim'),
    });
  });

  it('nobody answers (srt)', async () => {
    const port = await closedPort();
    expect(await failureOf(open(`srt://127.0.0.1:${port}`))).toMatchObject({
      code: 'SOURCE_UNREACHABLE',
    });
  });

  it.each(['rtsp', 'rtmp', 'srt'])('the host has no address (%s)', async (scheme) => {
    expect(await failureOf(open(`${scheme}://nosuch.invalid:9000/x/y`))).toMatchObject({
      code: 'SOURCE_UNKNOWN_HOST',
      message: expect.stringContaining('nosuch.invalid'),
    });
  });

  it('the password is wrong, or there is none', async () => {
    const server = await rtsp({ user: 'viewer', password: 'geheim' });
    const addresses = [server.url, server.url.replace('//', '//viewer:falsch@')];
    for (const address of addresses) {
      expect(await failureOf(open(address))).toMatchObject({ code: 'SOURCE_UNAUTHORIZED' });
    }
  });

  it('the server has no such stream', async () => {
    const server = await rtsp();
    expect(await failureOf(open(`${server.url}-not`))).toMatchObject({ code: 'SOURCE_NOT_FOUND' });
  });

  it('the server is silent', async () => {
    const port = await tcpServer(() => {});
    expect(await failureOf(open(`rtsp://127.0.0.1:${port}/x`))).toMatchObject({
      code: 'SOURCE_TIMEOUT',
      message: expect.stringContaining('10 s'),
    });
  });

  it('the server speaks something else', async () => {
    const port = await tcpServer((socket) => socket.end('220 mail.example ESMTP\r\n'));
    expect(await failureOf(open(`rtsp://127.0.0.1:${port}/x`))).toMatchObject({
      code: 'SOURCE_NOT_PICTURES',
    });
  });

  it('FFmpeg is not installed', async () => {
    const source = networkSource.open('rtsp://127.0.0.1/x', { ...context, ffmpeg: 'no-ffmpeg' });
    expect(await failureOf(source)).toMatchObject({ code: 'FFMPEG_MISSING' });
  });

  it('FFmpeg was killed', async () => {
    const server = await rtsp();
    const error = await failureOf(open(server.url), async (count) => {
      if (count !== 2) return;
      for (const { pid } of await captures()) process.kill(pid, 'SIGKILL');
    });
    expect(error).toMatchObject({
      code: 'FFMPEG_FAILED',
      message: expect.stringContaining('SIGKILL'),
    });
  });
});
