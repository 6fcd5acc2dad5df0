import { get } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Frame } from '../src/frame.ts';
import { checkJpeg } from '../src/media/jpeg.ts';
import { distinctSeqs, watchMjpeg } from './support/mjpeg-client.ts';
import { startServer, type TestServer } from './support/server.ts';
import { until } from './support/until.ts';

let server: TestServer;
afterEach(() => server.close());

const chromium =
  'Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36';
const safari =
  'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18 Safari/605';
const path = '/cameras/front/stream.mjpg';
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('an MJPEG stream', () => {
  it('is one plain body with every header that proxies and browsers need', async () => {
    server = await startServer({ cameras: { front: 'test:?size=160x120&fps=20' } });
    const viewer = watchMjpeg(server.port, path);
    await until('three pictures', () => viewer.parts.length >= 3);
    const head = viewer.head.toLowerCase();
    expect(head).toMatch(/^http\/1\.1 200/);
    expect(head).toMatch(
      /content-type: multipart\/x-mixed-replace; boundary=framehub-[0-9a-f]{32}\r\n/,
    );
    expect(head).toContain('cache-control: no-store, no-cache, must-revalidate, no-transform');
    expect(head).toContain('pragma: no-cache');
    expect(head).toContain('x-accel-buffering: no');
    expect(head).toContain('connection: close');
    expect(head).toContain('access-control-expose-headers: x-frame-id');
    expect(head).not.toContain('transfer-encoding');
    expect(head).not.toContain('content-encoding');
    expect(distinctSeqs(viewer.parts).slice(0, 3)).toEqual([1, 2, 3]);
    viewer.close();
  });

  it('answers HEAD with the same head and starts nothing', async () => {
    server = await startServer({ cameras: { front: 'test:?size=160x120&fps=20' } });
    const response = await fetch(`${server.url}${path}`, { method: 'HEAD' });
    expect(response.headers.get('content-type')).toMatch(/^multipart\/x-mixed-replace/);
    expect((await server.camera('front')).starts).toBe(0);
    await fetch(`${server.url}${path}?width=160`, { method: 'HEAD' });
    expect((await server.camera('front')).variants).toEqual([]);
  });

  it('passes the pictures of the source on byte for byte', async () => {
    server = await startServer({ cameras: { front: 'demo:' } });
    const frames: Frame[] = [];
    const collecting = (async () => {
      for await (const frame of server.framehub.frames('front')) {
        frames.push(frame);
        if (frame.seq >= 8) return;
      }
    })();
    const viewer = watchMjpeg(server.port, path);
    await collecting;
    await until('eight pictures', () => distinctSeqs(viewer.parts).length >= 7);
    let compared = 0;
    for (const part of viewer.parts) {
      const frame = frames.find(({ seq }) => seq === part.seq);
      if (frame === undefined) continue;
      expect(part.data.equals(frame.data)).toBe(true);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(4);
    viewer.close();
  });

  it('sends the last picture again once a second when the camera is slow', async () => {
    server = await startServer({ cameras: { front: 'test:?size=160x120&fps=0.2' } });
    const viewer = watchMjpeg(server.port, path);
    await until('a picture', () => viewer.parts.length > 0);
    await sleep(3_300);
    expect(viewer.parts.map(({ seq }) => seq)).toEqual([1, 1, 1, 1]);
    expect((await server.camera('front')).readers[0]?.frames).toBe(1);
    viewer.close();
  });

  it('sends a picture to WebKit again at once, which holds it back until then', async () => {
    server = await startServer({ cameras: { front: 'test:?size=160x120&fps=0.2' } });
    const viewer = watchMjpeg(server.port, path, { userAgent: safari });
    const first = await until('a picture', () => viewer.parts.find(({ seq }) => seq === 1));
    const second = await until('again', () => viewer.parts.filter(({ seq }) => seq === 1)[1]);
    expect(second.at - first.at).toBeLessThan(400);
    viewer.close();
  });

  it('shows a browser something at once when the camera is cold, in the size it had', async () => {
    server = await startServer({
      cameras: { front: 'test:?size=320x240&fps=20&start=1500&always=true' },
    });
    const first = watchMjpeg(server.port, path, { userAgent: safari });
    const placeholder = await until('a placeholder', () => first.parts[0], 1_000);
    expect(placeholder.placeholder).toBe('starting');
    expect(checkJpeg(placeholder.data)).toMatchObject({ width: 1280, height: 720 });
    await until('pictures', () => first.parts.some(({ seq }) => seq !== undefined));
    await fetch(`${server.url}/api/cameras/front/stop`, { method: 'POST' });
    await fetch(`${server.url}/api/cameras/front/start`, { method: 'POST' });
    const second = watchMjpeg(server.port, path, { userAgent: safari });
    const next = await until('a placeholder', () => second.parts[0], 1_000);
    expect(checkJpeg(next.data)).toMatchObject({ width: 320, height: 240 });
    first.close();
    second.close();
  });

  it('spares programs the placeholder of a normal start, and those who ask every placeholder', async () => {
    server = await startServer({
      cameras: { front: 'test:?size=160x120&fps=20&start=1000', bad: 'test:?fail=0&always=true' },
    });
    const program = watchMjpeg(server.port, path);
    const shown = watchMjpeg(server.port, '/cameras/bad/stream.mjpg');
    const spared = watchMjpeg(server.port, '/cameras/bad/stream.mjpg?placeholder=false');
    const first = await until('a picture', () => program.parts[0]);
    expect(first.seq).toBe(1);
    expect((await until('a placeholder', () => shown.parts[0])).placeholder).toBe('retrying');
    await sleep(300);
    expect(spared.parts).toEqual([]);
    expect(spared.closed).toBe(false);
    for (const viewer of [program, shown, spared]) viewer.close();
  });

  it('ends when the camera is removed', async () => {
    server = await startServer({ cameras: { front: 'test:?size=160x120&fps=20' } });
    const viewer = watchMjpeg(server.port, path);
    await until('a picture', () => viewer.parts.length > 0);
    await server.framehub.removeCamera('front');
    await until('closed', () => viewer.closed);
  });

  it('is found under the paths that other programs know', async () => {
    server = await startServer({
      cameras: { front: 'test:?size=160x120&fps=20', second: 'test:?size=320x240' },
    });
    for (const known of ['/video_feed', '/stream', '/?action=stream', '/video_feed/']) {
      const viewer = watchMjpeg(server.port, known);
      const part = await until(known, () => viewer.parts[0]);
      expect(checkJpeg(part.data).width, known).toBe(160);
      viewer.close();
    }
  });

  it('gives the place of the stalest viewer to a new one when there are too many', async () => {
    server = await startServer({ cameras: { front: 'test:?size=160x120&fps=20' }, maxViewers: 3 });
    const paused = watchMjpeg(server.port, path);
    await until('a picture', () => paused.parts.length > 0);
    paused.socket.pause();
    const others = [1, 2, 3].map(() => watchMjpeg(server.port, path));
    await until('all', () => others.every(({ parts }) => parts.length > 0));
    const camera = await server.camera('front');
    expect(camera.readers).toHaveLength(3);
    for (const viewer of [paused, ...others]) viewer.close();
  });

  it('gives up a viewer that takes nothing for the viewer time, and no other', async () => {
    server = await startServer({
      cameras: { front: 'test:?size=320x240&fps=120' },
      viewerTimeout: 500,
    });
    const alive = watchMjpeg(server.port, path);
    const dead = connect(server.port, '127.0.0.1');
    dead.on('error', () => {});
    dead.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
    await until('two', async () => (await server.camera('front')).readers.length === 2);
    dead.pause();
    await until('one', async () => (await server.camera('front')).readers.length === 1, 50_000);
    expect(alive.closed).toBe(false);
    alive.close();
    dead.destroy();
  }, 60_000);

  it('lets the other requests through while many watch', async () => {
    server = await startServer({ cameras: { front: 'test:?size=320x240&fps=30' } });
    const viewers = Array.from({ length: 50 }, () =>
      watchMjpeg(server.port, path, { userAgent: chromium }),
    );
    await until('all', () => viewers.every(({ parts }) => parts.length > 3));
    const started = performance.now();
    await new Promise((resolve) => get(`${server.url}/healthz`, resolve));
    expect(performance.now() - started).toBeLessThan(500);
    for (const viewer of viewers) viewer.close();
  });
});
