import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../test/support/until.ts';
import type { WebhookMessage } from '../api/webhook.ts';
import { Hub } from '../hub/hub.ts';
import type { WebhookSettings } from '../settings/webhook.ts';
import { Viewers } from './viewers.ts';
import { shownUrl, Webhook } from './webhook.ts';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let received: Received[];
let answers: number[];
let server: Server;
let url: string;
const open: Webhook[] = [];

beforeEach(async () => {
  received = [];
  answers = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    received.push({ headers: request.headers, body });
    const status = answers.shift() ?? 204;
    if (status > 0) response.writeHead(status, { Location: '/elsewhere' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/hook`;
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((webhook) => webhook.close()));
  await new Promise((resolve) => server.close(resolve).closeAllConnections());
});

function webhook(settings: Partial<WebhookSettings> = {}): Webhook {
  const made = new Webhook({
    settings: { url, on: ['first-viewer'], ...settings },
    log: pino({ level: 'silent' }),
    version: '1.2.3',
    firstWait: 10,
  });
  open.push(made);
  return made;
}

const message = (at: number): WebhookMessage => ({
  ...{ type: 'first-viewer', at, camera: 'front', name: 'Front door' },
});

describe('a webhook', () => {
  it('posts what happened, signed with the time', async () => {
    const secret = 'a-secret-of-sixteen';
    const hook = webhook({ secret });
    hook.push(message(1));
    const { headers, body } = await until('it', () => received[0]);
    expect(JSON.parse(body)).toEqual(message(1));
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'framehub/1.2.3',
      'x-framehub-delivery': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const [, time = '', mac] =
      /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-framehub-signature'])) ?? [];
    expect(Math.abs(Number(time) - Date.now() / 1000)).toBeLessThan(5);
    expect(mac).toBe(createHmac('sha256', secret).update(`${time}.${body}`).digest('hex'));
    await until('the count', () => hook.report().sent === 1);
    expect(hook.report()).toMatchObject({ signed: true, waiting: 0, failed: 0, dropped: 0 });
    expect(JSON.stringify(hook.report())).not.toContain(secret);
  });

  it('without a secret signs nothing', async () => {
    webhook().push(message(1));
    const { headers } = await until('it', () => received[0]);
    expect(headers['x-framehub-signature']).toBeUndefined();
  });

  it('tries again when it is refused, in order and under the same name', async () => {
    answers = [500, 302, 204];
    const hook = webhook();
    hook.push(message(1));
    hook.push(message(2));
    await until('both', () => hook.report().sent === 2);
    expect(received.map(({ body }) => JSON.parse(body).at)).toEqual([1, 1, 1, 2]);
    const names = received.map(({ headers }) => headers['x-framehub-delivery']);
    expect(new Set(names.slice(0, 3)).size).toBe(1);
    expect(names[3]).not.toBe(names[0]);
    expect(hook.report()).toMatchObject({ lastError: 'it answered with status 302', failed: 0 });
  });

  it('gives up after five tries, and goes on with the next', async () => {
    answers = [500, 500, 500, 500, 500];
    const hook = webhook();
    hook.push(message(1));
    hook.push(message(2));
    await until('the second', () => hook.report().sent === 1);
    expect(hook.report().failed).toBe(1);
    expect(received).toHaveLength(6);
  });

  it('that does not answer holds up nobody: what is too much is left out, the oldest first', async () => {
    answers = [0];
    const hook = webhook();
    for (let at = 1; at <= 150; at += 1) hook.push(message(at));
    expect(hook.report()).toMatchObject({ waiting: 100, dropped: 50 });
    await until('the first', () => received.length === 1);
    const closedAt = performance.now();
    await hook.close();
    expect(performance.now() - closedAt).toBeLessThan(2_000);
    hook.push(message(151));
    expect(received.map(({ body }) => JSON.parse(body).at)).toEqual([1]);
  });

  it('says why it fails', async () => {
    const hook = webhook({ url: 'http://127.0.0.1:1/hook' });
    hook.push(message(1));
    const report = await until('a failure', () => {
      const now = hook.report();
      return now.failed === 1 ? now : undefined;
    });
    expect(report.lastError).toMatch(/ECONNREFUSED|bad port/);
  });

  it('logs in with the user of its address, and shows no password or token', async () => {
    const address = url.replace('//', '//bob:pa%40ss@');
    webhook({ url: address }).push(message(1));
    const { headers } = await until('it', () => received[0]);
    expect(headers.authorization).toBe(`Basic ${Buffer.from('bob:pa@ss').toString('base64')}`);
    expect(shownUrl(address)).not.toContain('pa%40ss');
    expect(shownUrl('https://hooks.example.com/services/T0AB/XyZ123abcDEF456?key=1')).toBe(
      'https://hooks.example.com/services/T0AB/***?***',
    );
  });

  it('is told only what it asked for', () => {
    const hook = webhook({ on: ['event'], cameras: ['front'] });
    expect(hook.wants('event', 'front')).toBe(true);
    expect(hook.wants('event', 'back')).toBe(false);
    expect(hook.wants('last-viewer', 'front')).toBe(false);
  });
});

describe('viewers', () => {
  function watched(settle: number) {
    const told: string[] = [];
    const viewers = new Viewers({ settle, changed: (type) => told.push(type) });
    const hub = new Hub();
    hub.onReaders((channel) => viewers.check(channel));
    const channel = hub.open('front', 'Front', () => {});
    const read = (kind: string) =>
      channel.read(
        { kind, address: 'here' },
        { deliver: () => {}, statusChanged: () => {}, ended: () => {} },
      );
    return { told, hub, read, viewers };
  }

  it('are told of once, when the first comes and when the last has left', async () => {
    const { told, read } = watched(30);
    const readers = [read('mjpeg'), read('websocket')];
    for (const reader of readers) reader.close();
    const back = read('mjpeg');
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(told).toEqual(['first-viewer']);
    back.close();
    await until('the end', () => told.length === 2);
    expect(told).toEqual(['first-viewer', 'last-viewer']);
  });

  it('are none of those that read for the server itself', () => {
    const { told, read } = watched(0);
    for (const kind of ['detector', 'recorder', 'snapshot']) read(kind);
    expect(told).toEqual([]);
  });

  it('have left when the camera is removed', async () => {
    const { told, read, hub } = watched(10_000);
    read('mjpeg');
    const { FramehubError } = await import('../errors.ts');
    hub.close('front', new FramehubError('CAMERA_NOT_FOUND', 'removed'));
    expect(told).toEqual(['first-viewer', 'last-viewer']);
  });
});
