import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startServer, type TestServer } from './support/server.ts';

let server: TestServer;
afterEach(() => server.close());

const cameras = { front: 'test:?size=160x120&fps=20' };
const tokens = { adminToken: 'admin-token', viewerToken: 'viewer-token' };

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

/** `fetch` does not let a test set Host and Origin. */
function ask(method: string, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { port: server.port, host: '127.0.0.1', method, path, headers, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('latin1');
        response.on('data', (chunk: string) => {
          text += chunk;
          // A stream never ends by itself; its head is what is asked for.
          if (text.length > 100_000) response.destroy();
        });
        response.on('close', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

function openSocket(path: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers });
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', () => {});
  });
}

describe('from this machine', () => {
  it('nothing is asked', async () => {
    server = await startServer({ cameras });
    expect((await ask('GET', '/api/cameras')).status).toBe(200);
    expect((await ask('POST', '/api/cameras/front/stop')).status).toBe(200);
    expect(await openSocket('/ws')).toBe(101);
  });

  it('a page elsewhere gets nowhere with a name of its own for this address', async () => {
    server = await startServer({ cameras });
    const headers = { Host: `evil.example:${server.port}` };
    for (const path of [
      '/api/cameras',
      '/cameras/front/snapshot.jpg',
      '/video_feed',
      '/?action=snapshot',
    ]) {
      const answer = await ask('GET', path, headers);
      expect(answer.status, path).toBe(403);
      expect(answer.text, path).toContain('HOST_NOT_ALLOWED');
    }
    expect(await openSocket('/ws', headers)).toBe(403);
  });

  it('a page elsewhere can neither post nor open a WebSocket', async () => {
    server = await startServer({ cameras });
    for (const Origin of [
      'http://evil.example',
      'null',
      `http://localhost.evil.example:${server.port}`,
    ]) {
      const posted = await ask('POST', '/api/cameras/front/stop', { Origin });
      expect(posted.status, Origin).toBe(403);
      expect(posted.text).toContain('ORIGIN_NOT_ALLOWED');
      expect(await openSocket('/ws', { Origin }), Origin).toBe(403);
    }
    const own = { Origin: `http://127.0.0.1:${server.port}` };
    expect((await ask('POST', '/api/cameras/front/stop', own)).status).toBe(200);
    expect(await openSocket('/ws', own)).toBe(101);
  });

  it('a page the operator allows may do both, and read the answers', async () => {
    server = await startServer({ cameras, allowedOrigins: ['https://home.example'] });
    const headers = { Origin: 'https://home.example' };
    expect(await openSocket('/ws', headers)).toBe(101);
    const answer = await ask('GET', '/api/cameras', headers);
    expect(answer.headers['access-control-allow-origin']).toBe('https://home.example');
    const stream = await ask('HEAD', '/video_feed', headers);
    expect(stream.headers['access-control-allow-origin']).toBe('https://home.example');
    const preflight = await ask('OPTIONS', '/api/cameras', {
      ...headers,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'content-type',
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers['access-control-allow-methods']).toContain('PATCH');
    const other = await ask('GET', '/api/cameras', { Origin: 'https://other.example' });
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('a proxy that brings other people needs a token', async () => {
    server = await startServer({ cameras, ...tokens });
    const headers = { 'X-Forwarded-For': '203.0.113.7' };
    expect((await ask('GET', '/api/cameras', headers)).status).toBe(401);
    expect((await ask('GET', '/api/cameras', { Via: '1.1 proxy' })).status).toBe(401);
    expect((await ask('GET', '/api/cameras', { 'X-Real-IP': '203.0.113.7' })).status).toBe(401);
    expect(
      (await ask('GET', '/api/cameras', { ...headers, Authorization: 'Bearer viewer-token' }))
        .status,
    ).toBe(200);
  });
});

describe('where a token is asked for', () => {
  it('nothing of a camera is shown without one', async () => {
    server = await startServer({ cameras, auth: 'token', ...tokens });
    const paths = [
      '/api/cameras',
      '/api/cameras/front',
      '/cameras/front/stream.mjpg',
      '/cameras/front/snapshot.jpg',
      '/video_feed',
      '/stream',
      '/snapshot',
      '/?action=stream',
      '/?action=snapshot',
      '/openapi.json',
      '/nothing',
      '/video_feed?token=wrong',
    ];
    for (const path of paths) {
      const answer = await ask('GET', path);
      expect(answer.status, path).toBe(401);
      expect(answer.text, path).toContain('"code":"UNAUTHORIZED"');
    }
    expect(await openSocket('/ws')).toBe(401);
    expect(await openSocket('/ws?token=wrong')).toBe(401);
  });

  it('it works as a header, in the address, and as the cookie that opening the link sets', async () => {
    server = await startServer({ cameras, auth: 'token', ...tokens });
    expect((await ask('GET', '/api/cameras', { Authorization: 'Bearer admin-token' })).status).toBe(
      200,
    );
    expect((await ask('GET', '/api/cameras?token=admin-token')).status).toBe(200);
    expect((await ask('GET', '/snapshot?token=viewer-token')).status).toBe(200);
    expect(await openSocket('/ws?token=viewer-token')).toBe(101);

    const link = await ask('GET', '/?token=admin-token');
    expect(link.status).toBe(303);
    expect(link.headers.location).toBe('./');
    const cookie = String(link.headers['set-cookie']);
    expect(cookie).toMatch(/^framehub-[0-9a-f]{8}=.*HttpOnly; SameSite=Lax/);
    expect(cookie).not.toContain('Secure');
    expect(cookie).not.toContain('admin-token');
    const headers = { Cookie: `other=1; ${cookie.split(';')[0]}` };
    expect((await ask('GET', '/api/cameras', headers)).status).toBe(200);
    expect(await openSocket('/ws', headers)).toBe(101);
    const guess = `${cookie.split('=')[0]}=guess`;
    expect((await ask('GET', '/api/cameras', { Cookie: guess })).status).toBe(401);

    const behindTls = await ask('GET', '/?token=admin-token', { 'X-Forwarded-Proto': 'https' });
    expect(String(behindTls.headers['set-cookie'])).toContain('; Secure');
  });

  it('it works as the password of whoever knows Basic login only', async () => {
    server = await startServer({ cameras, auth: 'token', ...tokens });
    const basic = (login: string) => ({
      Authorization: `Basic ${Buffer.from(login).toString('base64')}`,
    });
    expect((await ask('GET', '/snapshot', basic('me:viewer-token'))).status).toBe(200);
    expect((await ask('GET', '/snapshot', basic('me:wrong'))).status).toBe(401);
    expect((await ask('GET', '/snapshot', basic('viewer-token'))).status).toBe(401);
  });

  it('viewers watch, admins change', async () => {
    server = await startServer({ cameras, auth: 'token', ...tokens });
    const viewer = { Authorization: 'Bearer viewer-token' };
    const admin = { Authorization: 'Bearer admin-token' };
    expect((await ask('GET', '/snapshot', viewer)).status).toBe(200);
    for (const [method, path] of [
      ['POST', '/api/cameras/front/stop'],
      ['POST', '/api/cameras/front/start'],
      ['DELETE', '/api/cameras/front'],
      ['POST', '/api/cameras/front/frames'],
    ] as const) {
      const answer = await ask(method, path, viewer);
      expect(answer.status, path).toBe(403);
      expect(answer.text).toContain('"code":"FORBIDDEN"');
    }
    expect((await ask('POST', '/api/cameras/front/stop', admin)).status).toBe(200);
  });

  it('viewers do not see where pictures come from, nor who else watches', async () => {
    server = await startServer({ cameras, auth: 'token', ...tokens });
    const seen = async (token: string) =>
      JSON.parse((await ask('GET', `/api/cameras/front?token=${token}`)).text);
    expect(await seen('admin-token')).toHaveProperty('source');
    expect(await seen('viewer-token')).not.toHaveProperty('source');
  });

  it('a cookie does not help a page elsewhere', async () => {
    server = await startServer({ cameras, auth: 'token', ...tokens });
    const link = await ask('GET', '/?token=admin-token');
    const Cookie = String(link.headers['set-cookie']).split(';')[0] ?? '';
    const headers = { Cookie, Origin: 'http://evil.example' };
    expect((await ask('POST', '/api/cameras/front/stop', headers)).status).toBe(403);
    expect(await openSocket('/ws', headers)).toBe(403);
  });
});

it('says which setting to use when no token exists at all', async () => {
  server = await startServer({ cameras, auth: 'token' });
  const answer = await ask('GET', '/api/cameras');
  expect(answer.status).toBe(401);
  expect(answer.text).toContain('adminToken');
});
