import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../src/errors.ts';
import { createFramehub } from '../src/index.ts';
import { JpegSplitter } from '../src/media/jpeg-splitter.ts';
import { startHttp, startTcp, type TestServer as Upstream } from './support/loopback-servers.ts';
import { distinctSeqs, type MjpegClient, watchMjpeg } from './support/mjpeg-client.ts';
import { startServer, type TestServer } from './support/server.ts';
import { until } from './support/until.ts';
import { type VirtualCamera, virtualCamera } from './support/virtual-camera.ts';

let server: TestServer;
let webcam: VirtualCamera;
let healthy: MjpegClient;
let healthySince = 0;
const upstreams: Upstream[] = [];

/** What each kind of bad source is answered with: the camera, its code, and what the help must name. */
const expected: readonly [camera: string, code: ErrorCode, help: RegExp][] = [
  ['refused', 'SOURCE_REFUSED', /port/],
  ['refused-rtsp', 'SOURCE_REFUSED', /port/],
  ['unknown-host', 'SOURCE_UNKNOWN_HOST', /spelling/],
  ['unknown-host-rtsp', 'SOURCE_UNKNOWN_HOST', /spelling/],
  ['unauthorized', 'SOURCE_UNAUTHORIZED', /password/],
  ['not-found', 'SOURCE_NOT_FOUND', /path/],
  ['web-page', 'SOURCE_NOT_PICTURES', /JPEG/],
  ['truncated', 'PICTURE_TRUNCATED', /incomplete|link/],
  ['huge', 'PICTURE_TOO_LARGE', /maxPictureBytes/],
  ['silent', 'SOURCE_TIMEOUT', /busy|time/],
  ['slow-loris', 'SOURCE_TIMEOUT', /busy|time/],
  ['busy', 'DEVICE_BUSY', /other program/],
  ['no-such-file', 'SOURCE_NOT_FOUND', /path|file/],
  ['no-such-command', 'COMMAND_MISSING', /Install|path/],
];

beforeAll(async () => {
  const demo = await readFile(new URL('../assets/demo/demo.mjpeg', import.meta.url));
  const [picture = Buffer.alloc(0)] = new JpegSplitter(1e7).push(demo);
  const up = async (upstream: Promise<Upstream>): Promise<string> => {
    upstreams.push(await upstream);
    return `http://${(await upstream).host}`;
  };
  const multipart = { 'Content-Type': 'multipart/x-mixed-replace; boundary=B' };
  const unauthorized = await up(
    startHttp((_request, response) => {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="camera"' }).end();
    }),
  );
  const notFound = await up(startHttp((_request, response) => response.writeHead(404).end()));
  const page = await up(
    startHttp((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>camera</h1>');
    }),
  );
  const truncated = await up(
    startHttp((_request, response) => {
      response.writeHead(200, multipart);
      const half = picture.subarray(0, picture.length / 2);
      const timer = setInterval(() => {
        response.write(`--B\r\nContent-Type: image/jpeg\r\n\r\n`);
        response.write(half);
        response.write('\r\n');
      }, 20);
      response.on('close', () => clearInterval(timer));
    }),
  );
  const huge = await up(
    startHttp((_request, response) => {
      response.writeHead(200, multipart);
      response.write('--B\r\nContent-Type: image/jpeg\r\nContent-Length: 5000000000\r\n\r\n');
      const fill = Buffer.alloc(64 * 1024);
      const pour = () => {
        while (!response.destroyed && response.write(fill));
      };
      response.on('drain', pour);
      pour();
    }),
  );
  const silent = await up(startTcp(() => {}));
  const slow = await up(
    startTcp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: 50000\r\n\r\n');
      const timer = setInterval(() => socket.write('x'), 50);
      socket.on('close', () => clearInterval(timer));
    }),
  );
  webcam = await virtualCamera();
  await webcam.setBusy(true);
  server = await startServer({
    ffmpeg: webcam.ffmpeg,
    startTimeout: 3_000,
    stallTimeout: 1_500,
    cameras: {
      healthy: 'test:?size=320x240&fps=30',
      refused: 'http://127.0.0.1:1/stream',
      'refused-rtsp': 'rtsp://user:s3cret@127.0.0.1:1/stream',
      'unknown-host': 'http://user:s3cret@nosuchcamera.invalid/stream',
      'unknown-host-rtsp': 'rtsp://nosuchcamera.invalid/stream',
      unauthorized: `${unauthorized.replace('//', '//user:s3cret@')}/stream`,
      'not-found': `${notFound}/stream`,
      'web-page': page,
      truncated,
      huge,
      silent: `${silent}#timeout=2`,
      'slow-loris': slow,
      busy: 'webcam:0',
      'no-such-file': '/nowhere/clip.mp4',
      'no-such-command': 'exec:no-such-camera-program --stdout',
    },
  });
  healthy = watchMjpeg(server.port, '/cameras/healthy/stream.mjpg');
  await until('the healthy camera', () => healthy.parts.length > 10);
  healthySince = distinctSeqs(healthy.parts).at(-1) ?? 0;
}, 60_000);

afterAll(async () => {
  healthy.close();
  await server.close();
  await webcam.close();
  await Promise.all(upstreams.map((upstream) => upstream.close()));
});

describe('a bad source is answered with its own code and what to do', () => {
  it.concurrent.each(expected)('%s: %s', async (id, code, help) => {
    const viewer = watchMjpeg(server.port, `/cameras/${id}/stream.mjpg`);
    const status = await until(
      `${id} to fail`,
      async () => {
        const { status: now } = await server.camera(id);
        return now.state === 'retrying' ? now : undefined;
      },
      20_000,
    );
    expect(status).toMatchObject({ code, help: expect.stringMatching(help) });
    expect(status.reason).toMatch(/^.{20,}/);
    const placeholder = await until('the placeholder', () =>
      viewer.parts.find((part) => part.placeholder === 'retrying'),
    );
    expect(placeholder.data.length).toBeGreaterThan(1_000);

    const snapshot = await fetch(`${server.url}/cameras/${id}/snapshot.jpg?timeout=20000`);
    const text = await snapshot.text();
    expect(snapshot.status).toBe(503);
    expect(JSON.parse(text)).toMatchObject({ code: 'SNAPSHOT_UNAVAILABLE' });
    expect(text + JSON.stringify(status)).not.toContain('s3cret');
    viewer.close();
  });

  it('while nothing else stops working', async () => {
    const seqs = distinctSeqs(healthy.parts).filter((seq) => seq > healthySince);
    const passed = (seqs.at(-1) ?? 0) - healthySince;
    expect(passed).toBeGreaterThan(60);
    expect(seqs.length).toBeGreaterThanOrEqual(0.95 * passed);
    expect(process.memoryUsage().rss).toBeLessThan(1e9);
    const snapshot = await fetch(`${server.url}/cameras/healthy/snapshot.jpg`);
    expect(snapshot.status).toBe(200);
  });
});

it('a missing FFmpeg is answered with how to install it', async () => {
  const framehub = await createFramehub({
    ffmpeg: '/nowhere/ffmpeg',
    cameras: { front: 'webcam:0', back: 'rtsp://127.0.0.1/x' },
  });
  for (const id of ['front', 'back']) {
    const refused = framehub.snapshot(id);
    await expect(refused).rejects.toMatchObject({
      code: 'SNAPSHOT_UNAVAILABLE',
      help: expect.stringContaining('apt-get install ffmpeg'),
    });
    expect(framehub.cameras().find((camera) => camera.id === id)?.status).toMatchObject({
      state: 'retrying',
      code: 'FFMPEG_MISSING',
    });
  }
  await framehub.close();
});

it('a source nobody understands is refused before anything starts', async () => {
  await expect(createFramehub({ cameras: { front: 'gopher://camera' } })).rejects.toMatchObject({
    code: 'SOURCE_INVALID',
    message: expect.stringContaining('rtsp://'),
  });
});
