import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { connect } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { checkJpeg } from '../src/media/jpeg.ts';
import { MultipartParser } from '../src/media/multipart-parser.ts';
import { inPlayer, launchBrowser } from './support/browser.ts';
import { type Nginx, startNginx } from './support/nginx.ts';
import { startServer, type TestServer } from './support/server.ts';
import { codeBlock } from './support/tables.ts';
import { until } from './support/until.ts';

const guide = await readFile(new URL('../docs/guides/behind-nginx.md', import.meta.url), 'utf8');
const written = codeBlock(guide, 'nginx', 'location /cams/');

let server: TestServer;
let nginx: Nginx;
afterEach(async () => {
  await nginx.close();
  await server.close();
});

const adminToken = 'admin-token-of-the-test';
const front = 'test:?size=320x240&fps=20';

/** The guide's configuration, its ports apart. */
async function start(
  options: Parameters<typeof startServer>[0] = { cameras: { front }, auth: 'token', adminToken },
  change = (config: string) => config,
): Promise<void> {
  server = await startServer(options);
  nginx = await startNginx((port) => {
    const config = change(written)
      .replace('listen 80;', `listen 127.0.0.1:${port};`)
      .replace('127.0.0.1:5000/', `127.0.0.1:${server.port}/`);
    expect(config).toContain(`listen 127.0.0.1:${port};`);
    expect(config).toContain(`proxy_pass http://127.0.0.1:${server.port}/;`);
    return config;
  });
}

function ask(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return fetch(`${nginx.url}${path}`, { method, headers, redirect: 'manual' });
}

const bearer = { Authorization: `Bearer ${adminToken}` };

interface Part {
  readonly seq: number;
  readonly data: Buffer;
  /** Clock of `Date.now()`. */
  readonly at: number;
}

/** A viewer of a stream; nginx sends it chunked. @param from the viewer's own address */
function watch(url: string, from = '127.0.0.1') {
  const parts: Part[] = [];
  const parser = new MultipartParser({ maxPartBytes: 1e7 });
  const request = get(url, { localAddress: from, headers: bearer, agent: false }, (response) => {
    response.on('data', (chunk: Buffer) => {
      for (const { headers, body } of parser.push(chunk)) {
        parts.push({ seq: Number(headers.get('x-frame-id')), data: body, at: Date.now() });
      }
    });
    response.on('error', () => {});
  });
  request.on('error', () => {});
  return { parts, close: () => request.destroy() };
}

/** What the API says of the camera's readers, asked without nginx. */
async function readers() {
  const response = await fetch(`${server.url}/api/cameras/front`, { headers: bearer });
  const { readers } = (await response.json()) as { readers: { kind: string; address: string }[] };
  return readers;
}

describe('behind nginx, as the guide sets it up', () => {
  it('each picture of a stream arrives before the next one is captured', async () => {
    await start({ cameras: { front: 'test:?size=160x120&fps=2' }, auth: 'token', adminToken });
    const captured = new Map<number, number>();
    const capturedAt = (seq: number) => captured.get(seq) ?? Number.NaN;
    const abort = new AbortController();
    const collecting = (async () => {
      for await (const frame of server.framehub.frames('front', abort.signal)) {
        captured.set(frame.seq, frame.capturedAt);
      }
    })().catch(() => {
      // The server was closed below it, because the test has failed already.
    });
    const viewer = watch(`${nginx.url}/cams/video_feed`);
    // Captured every 500 ms; the first ones may come together.
    await until('six pictures', () => (viewer.parts.at(-1)?.seq ?? 0) >= 6);
    for (const { seq, data, at } of viewer.parts) {
      checkJpeg(data);
      expect(at - capturedAt(seq), `picture ${seq}`).toBeLessThan(400);
    }
    abort.abort();
    await collecting;
    viewer.close();
    await until('gone', async () => (await readers()).length === 0);
  });

  it('a WebSocket brings pictures, and both kinds of viewer are known by their own address', async () => {
    await start();
    const socket = new WebSocket(`ws://127.0.0.1:${nginx.port}/cams/ws?token=${adminToken}`, {
      origin: nginx.url,
      headers: { 'X-Forwarded-For': '203.0.113.7' },
    });
    let pictures = 0;
    socket.on('message', (_data, isBinary) => {
      if (isBinary) pictures += 1;
      else if (pictures === 0) socket.send('{"type":"subscribe","cameras":["front"]}');
    });
    await once(socket, 'open');
    await until('a picture', () => pictures > 0);
    const viewer = watch(`${nginx.url}/cams/video_feed`, '127.0.0.2');
    await until('a part', () => viewer.parts.length > 0);
    expect(await readers()).toMatchObject([
      // What the client claims of itself is in the header too; nginx adds what it sees.
      { kind: 'websocket', address: '127.0.0.1' },
      { kind: 'mjpeg', address: '127.0.0.2' },
    ]);
    socket.terminate();
    viewer.close();
  });

  it('a snapshot, and a picture that is pushed, pass', async () => {
    await start({ cameras: { front, in: 'push:' }, auth: 'token', adminToken });
    const snapshot = await ask('/cams/cameras/front/snapshot.jpg', bearer);
    expect(snapshot.status).toBe(200);
    const picture = Buffer.from(await snapshot.arrayBuffer());
    checkJpeg(picture);

    const sender = connect(nginx.port, '127.0.0.1');
    sender.on('error', () => {});
    sender.write(
      `POST /cams/api/cameras/in/frames HTTP/1.1\r\nHost: 127.0.0.1:${nginx.port}\r\n` +
        `Authorization: Bearer ${adminToken}\r\nContent-Type: image/jpeg\r\n` +
        'Transfer-Encoding: chunked\r\n\r\n',
    );
    const viewer = watch(`${server.url}/cameras/in/stream.mjpg`);
    sender.write(`${picture.length.toString(16)}\r\n`);
    sender.write(picture);
    sender.write('\r\n');
    // Nothing of the request has ended yet.
    await until('the picture', () => viewer.parts.some(({ data }) => data.equals(picture)));
    sender.destroy();
    viewer.close();
  });

  it('a link with the token leads to the page, within the path, and its cookie opens everything', async () => {
    await start();
    expect((await ask('/cams/api/cameras')).status).toBe(401);
    const bare = await ask(`/cams?token=${adminToken}`);
    expect(bare.headers.get('location')).toBe(`${nginx.url}/cams/?token=${adminToken}`);
    const link = await ask(`/cams/?token=${adminToken}`);
    expect(link.status).toBe(303);
    const location = new URL(link.headers.get('location') ?? '', `${nginx.url}/cams/`);
    expect(location.href).toBe(`${nginx.url}/cams/`);
    const cookie = link.headers.get('set-cookie') ?? '';
    // Without a path it is valid for the folder the browser sees.
    expect(cookie).not.toMatch(/path|domain/i);
    const Cookie = cookie.split(';')[0] ?? '';
    expect((await ask('/cams/api/cameras', { Cookie })).status).toBe(200);
    expect(
      (await ask('/cams/api/cameras/front/stop', { Cookie, Origin: nginx.url }, 'POST')).status,
    ).toBe(200);
    const elsewhere = { Cookie, Origin: 'http://evil.example' };
    expect((await ask('/cams/api/cameras/front/stop', elsewhere, 'POST')).status).toBe(403);
  });

  it('with "auto", what nginx forwards needs a token, and this machine does not', async () => {
    await start({ cameras: { front }, adminToken });
    expect((await ask('/cams/api/cameras')).status).toBe(401);
    expect((await ask('/cams/api/cameras', bearer)).status).toBe(200);
    expect((await fetch(`${server.url}/api/cameras`)).status).toBe(200);
  });

  it('with "none", nginx decides, under the names that framehub is told', async () => {
    await start({ cameras: { front }, auth: 'none', allowedHosts: ['cam.example.org'] });
    expect(await statusAs('cam.example.org')).toBe(200);
    expect(await statusAs('other.example.org')).toBe(403);
  });

  it('the warnings of the guide are true: without its headers everyone is let in, and the page is not', async () => {
    await start({ cameras: { front }, adminToken }, (config) =>
      config.replace(/^.*proxy_set_header (X-Forwarded-For|Host) .*$/gm, ''),
    );
    expect((await ask('/cams/api/cameras')).status).toBe(200);
    const posted = await ask('/cams/api/cameras/front/stop', { Origin: nginx.url }, 'POST');
    expect(await posted.text()).toContain('ORIGIN_NOT_ALLOWED');
  });
});

/** `fetch` does not let a test set Host. */
async function statusAs(host: string): Promise<number> {
  const socket = connect(nginx.port, '127.0.0.1');
  socket.write(`GET /cams/api/cameras HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return Number(answer.split(' ')[1]);
}

describe('a browser behind nginx', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  it('opens the link, loads the page with all it is made of, and shows the camera over WebSocket', async () => {
    await start();
    const page = await browser.newPage();
    const bad: string[] = [];
    const asked = new Set<string>();
    page.on('response', (response) => {
      asked.add(new URL(response.url()).pathname);
      if (response.status() >= 400) bad.push(`${response.status()} ${response.url()}`);
    });
    page.on('console', (message) => {
      if (message.type() === 'error') bad.push(message.text());
    });
    await page.goto(`${nginx.url}/cams/?token=${adminToken}`);
    expect(page.url()).toBe(`${nginx.url}/cams/`);
    const isLive = async () =>
      (await inPlayer<number | undefined>(page, 'player.seq')) !== undefined;
    await until('a picture', isLive);
    await until('a reader', async () => (await readers()).some(({ kind }) => kind === 'websocket'));
    expect(bad).toEqual([]);
    expect([...asked].filter((path) => !path.startsWith('/cams/'))).toEqual([]);
    const html = await (await ask('/cams/')).text();
    const references = [...html.matchAll(/\b(?:src|href)="([^"#]+)"/g)].map(([, to]) => to ?? '');
    expect(references.length).toBeGreaterThan(4);
    for (const to of references) {
      const { pathname } = new URL(to, `${nginx.url}/cams/`);
      const answer = await ask(pathname, bearer, 'HEAD');
      expect(answer.status, to).toBe(200);
    }
    await page.close();
  });
});
