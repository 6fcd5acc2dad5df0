import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { CameraEvent, EventNotice } from '../src/api/event.ts';
import type { WebhookMessage } from '../src/api/webhook.ts';
import type { Detector } from '../src/detector.ts';
import type { FramehubOptions } from '../src/index.ts';
import { checkJpeg } from '../src/media/jpeg.ts';
import { readSeqMark } from '../src/source/test/seq-mark.ts';
import { watchMjpeg } from './support/mjpeg-client.ts';
import { startServer, type TestServer } from './support/server.ts';
import { until } from './support/until.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Eye extends Detector {
  /** The frame it scored best. */
  best: number | undefined;
}

/** Sees one thing that stays, and scores the sixth frame it is given best. */
function seeing(): Eye {
  let looks = 0;
  const eye: Eye = {
    name: 'eye',
    best: undefined,
    detect: async ({ seq }) => {
      looks += 1;
      if (looks === 6) eye.best = seq;
      const score = looks === 6 ? 0.95 : 0.5;
      return [{ label: 'person', score, box: { x: 0.1, y: 0.1, width: 0.5, height: 0.5 } }];
    },
    close: async () => {},
  };
  return eye;
}

async function serve(options: FramehubOptions = {}): Promise<TestServer & { dataDir: string }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'framehub-data-'));
  closing.push(() => rm(dataDir, { recursive: true }));
  const server = await startServer({ dataDir, eventMinTime: 300, ...options });
  closing.push(server.close);
  return { ...server, dataDir };
}

function recorded(detector: Detector = seeing()): FramehubOptions {
  const source = 'test:?size=320x240&fps=20';
  const detect = { detector, fps: 20 };
  return { cameras: [{ id: 'front', source, detect, record: true }] };
}

async function json<T>(url: string): Promise<T> {
  const response = await fetch(url);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  const value: T = JSON.parse(text);
  return value;
}

function firstEvent(url: string): Promise<CameraEvent> {
  return until('an event', async () => {
    const { events } = await json<{ events: CameraEvent[] }>(`${url}/api/events`);
    return events[0];
  });
}

describe('what a recorded camera saw', () => {
  it('is an event with the picture of its best frame, while nobody watches', async () => {
    const eye = seeing();
    const { url, framehub } = await serve(recorded(eye));
    const event = await firstEvent(url);
    expect(event).toMatchObject({
      camera: 'front',
      label: 'person',
      detector: 'eye',
      ended: false,
    });
    expect(event.results).toBeGreaterThanOrEqual(3);
    const best = await until('the best frame', async () => {
      const { best } = await json<CameraEvent>(`${url}/api/events/${event.id}`);
      return best.seq === eye.best ? best : undefined;
    });
    expect(best).toMatchObject({ width: 320, height: 240, box: { x: 0.1, width: 0.5 } });
    const picture = await fetch(`${url}/api/events/${event.id}/picture.jpg`);
    const data = Buffer.from(await picture.arrayBuffer());
    expect(checkJpeg(data)).toMatchObject({ width: 320, height: 240 });
    const luma = await sharp(data).greyscale().raw().toBuffer();
    expect(readSeqMark(luma, 320, 240)).toBe(eye.best);
    // It is in view: a better one may come.
    expect(picture.headers.get('cache-control')).toBe('private, no-cache');
    const again = await fetch(picture.url, {
      headers: { 'If-None-Match': picture.headers.get('etag') ?? '' },
    });
    expect(again.status).toBe(304);

    await framehub.removeCamera('front');
    const ended = await until('its end', async () => {
      const now = await json<CameraEvent>(`${url}/api/events/${event.id}`);
      return now.ended ? now : undefined;
    });
    expect(ended.lastSeen).toBeGreaterThan(event.firstSeen);
    const kept = await fetch(picture.url);
    expect(kept.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
  });

  it('is told live, and to those who come back what they missed', async () => {
    const { url, framehub } = await serve(recorded());
    const abort = new AbortController();
    const live = await fetch(`${url}/api/events/live`, { signal: abort.signal });
    expect(live.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const first = await readNotices(live, 1);
    abort.abort();
    expect(first).toMatchObject([{ change: 'started', event: { camera: 'front' } }]);
    await framehub.removeCamera('front');
    const { lastId } = first[0] ?? { lastId: '' };
    const ask = (id: string) =>
      fetch(`${url}/api/events/live`, { headers: { 'Last-Event-ID': id } });
    const missed = await readNotices(await ask(lastId), 1);
    expect(missed[0]?.change).toMatch(/updated|ended/);
    const old = await ask('other-77');
    expect(await readUntil(old, /event: gap/)).toContain('event: gap');
  });

  it('is told on a WebSocket that asked for it, of the cameras it watches', async () => {
    const { framehub, port, url } = await serve(recorded());
    framehub.addCamera({ id: 'other', source: 'test:?size=160x120&fps=5' });
    const sockets = await Promise.all(
      [
        { cameras: ['front'], events: true },
        { cameras: ['front'] },
        { cameras: ['other'], events: true },
      ].map(async (wish) => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`);
        closing.push(() => socket.terminate());
        const events: unknown[] = [];
        socket.on('message', (data, isBinary) => {
          const message = isBinary ? {} : JSON.parse(data.toString());
          if (message.type === 'event') events.push(message);
        });
        await once(socket, 'open');
        socket.send(JSON.stringify({ type: 'subscribe', ...wish }));
        return events;
      }),
    );
    const event = await firstEvent(url);
    await until('the message', () => sockets[0]?.length);
    expect(sockets[0]).toMatchObject([
      { type: 'event', change: 'started', event: { id: event.id, camera: 'front' } },
    ]);
    expect(sockets.slice(1)).toEqual([[], []]);
  });

  it('is read in pages, with filters that are checked', async () => {
    const { url } = await serve(recorded());
    const event = await firstEvent(url);
    const list = async (query: string) =>
      (await json<{ events: CameraEvent[] }>(`${url}/api/events?${query}`)).events.length;
    expect(await list('camera=front&label=person&minScore=0.4&limit=500')).toBe(1);
    expect(await list(`from=${event.firstSeen}&to=${event.firstSeen + 1}`)).toBe(1);
    expect(await list(`to=${new Date(event.firstSeen).toISOString()}`)).toBe(0);
    for (const wrong of ['limit=0', 'limit=501', 'minScore=2', 'from=soon', 'cursor=../..']) {
      const response = await fetch(`${url}/api/events?${wrong}`);
      expect(response.status, wrong).toBe(400);
      expect(await response.json()).toMatchObject({ code: 'REQUEST_INVALID' });
    }
    for (const id of ['nothing', '%2e%2e', 'i0000000000']) {
      expect((await fetch(`${url}/api/events/${id}`)).status, id).toBe(404);
      expect((await fetch(`${url}/api/events/${id}/picture.jpg`)).status, id).toBe(404);
    }
  });

  it('is kept over a restart, and removed by an admin only', async () => {
    const tokens = {
      auth: 'token',
      adminToken: 'a'.repeat(16),
      viewerToken: 'v'.repeat(16),
    } as const;
    const { url, dataDir, close } = await serve(recorded());
    const { id } = await firstEvent(url);
    await close();
    const server = await startServer({ dataDir, ...tokens });
    closing.push(server.close);
    const request = (token: string, method: string, path = `/api/events/${id}`) =>
      fetch(`${server.url}${path}`, { method, headers: { Authorization: `Bearer ${token}` } });
    expect(await (await request(tokens.viewerToken, 'GET')).json()).toMatchObject({
      id,
      ended: true,
    });
    expect((await fetch(`${server.url}/api/events/${id}`)).status).toBe(401);
    expect((await request(tokens.viewerToken, 'DELETE')).status).toBe(403);
    expect((await request(tokens.adminToken, 'DELETE')).status).toBe(204);
    expect((await request(tokens.adminToken, 'DELETE')).status).toBe(404);
    expect((await request(tokens.viewerToken, 'GET', '/api/webhooks')).status).toBe(403);
    expect(await (await request(tokens.viewerToken, 'GET', '/api/recording')).json()).toMatchObject(
      {
        ...{ store: 'open', events: 0, bytes: 0, maxDays: 14, maxBytes: 1024 ** 3, cameras: [] },
      },
    );
  });

  it('is nothing, without a file, where no camera is recorded', async () => {
    const { url } = await serve({ cameras: { front: 'test:?size=160x120' } });
    expect(await json(`${url}/api/events`)).toEqual({ events: [] });
    expect(await json(`${url}/api/recording`)).toMatchObject({ store: 'empty' });
    expect(await (await fetch(`${url}/events.ndjson`)).text()).toBe('');
  });

  it('is written as HTML, CSV and NDJSON, whatever the text in it', async () => {
    const label = '=<b>"x", y';
    const eye: Detector = {
      ...seeing(),
      detect: async () => [{ label, score: 0.5, box: { x: 0, y: 0, width: 1, height: 1 } }],
    };
    const { url } = await serve(recorded(eye));
    const { id } = await firstEvent(url);
    const html = await (await fetch(`${url}/events.html?camera=front`)).text();
    expect(html).toContain('<td>=&lt;b&gt;&quot;x&quot;, y</td>');
    expect(html).toContain(`<a href="api/events/${id}/picture.jpg">`);
    expect(html).toContain('<p>1 events</p>');
    const csv = await fetch(`${url}/events.csv`);
    expect(csv.headers.get('content-disposition')).toContain('events.csv');
    expect((await csv.text()).split('\r\n')[1]).toMatch(
      new RegExp(`^${id},front,"'=<b>""x"", y",20\\d\\d-.*,0.5,\\d+,eye,no$`),
    );
    const lines = (await (await fetch(`${url}/events.ndjson`)).text()).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ id, label, camera: 'front' }]);
    expect((await fetch(`${url}/events.csv?from=soon`)).status).toBe(400);
    expect((await fetch(`${url}/events.html`, { method: 'HEAD' })).status).toBe(200);
  });

  it('is no reason to fail when the store can not be used', async () => {
    const { url } = await serve({ ...recorded(), dataDir: '/dev/null' });
    const answer = await fetch(`${url}/api/events`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: 'STORE_FAILED' });
    const snapshot = await fetch(`${url}/cameras/front/snapshot.jpg`);
    expect(snapshot.status).toBe(200);
    expect(await json(`${url}/api/recording`)).toMatchObject({ store: 'failed' });
  });
});

describe('webhooks', () => {
  it('are told of events and of viewers, and how that went is in the API', async () => {
    const told: WebhookMessage[] = [];
    const receiver = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      told.push(JSON.parse(body));
      response.end();
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    closing.push(() => receiver.close().closeAllConnections());
    const address = receiver.address();
    const hook = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/hook`;
    const server = await serve({
      ...recorded(),
      webhooks: [
        { url: hook, on: ['event', 'first-viewer', 'last-viewer'] },
        { url: `${hook}?token=secret`, on: ['event'], cameras: ['other'] },
      ],
    });
    await until('the event', () => told.some(({ type }) => type === 'event'));
    // A detector and a recorder are no viewers.
    expect(told).toMatchObject([{ type: 'event', change: 'started', event: { label: 'person' } }]);
    const viewer = watchMjpeg(server.port, '/cameras/front/stream.mjpg');
    await until('the viewer', () => told.some(({ type }) => type === 'first-viewer'));
    viewer.close();
    await until('its end', () => told.some(({ type }) => type === 'last-viewer'));
    const { webhooks } = await json<{ webhooks: unknown[] }>(`${server.url}/api/webhooks`);
    expect(webhooks).toMatchObject([
      { url: hook, sent: 3, failed: 0, dropped: 0, waiting: 0, signed: false },
      { url: `${hook}?***`, sent: 0, cameras: ['other'] },
    ]);
  });
});

interface ReceivedNotice extends EventNotice {
  readonly lastId: string;
}

async function readNotices(response: Response, count: number): Promise<ReceivedNotice[]> {
  const pattern = /id: (\S+)\nevent: event\ndata: (.*)\n\n/g;
  const text = await readUntil(response, pattern, count);
  return [...text.matchAll(pattern)].map(([, lastId = '', data = '']) => {
    const notice: EventNotice = JSON.parse(data);
    return { ...notice, lastId };
  });
}

async function readUntil(response: Response, pattern: RegExp, count = 1): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  const all = new RegExp(pattern, 'g');
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if ([...text.matchAll(all)].length >= count) break;
  }
  return text;
}
