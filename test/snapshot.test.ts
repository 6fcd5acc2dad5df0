import { afterEach, describe, expect, it } from 'vitest';
import { checkJpeg } from '../src/media/jpeg.ts';
import { watchMjpeg } from './support/mjpeg-client.ts';
import { startServer, type TestServer } from './support/server.ts';
import { until } from './support/until.ts';

let server: TestServer;
afterEach(() => server.close());

const path = '/cameras/front/snapshot.jpg';

async function snapshot(query = '', headers: Record<string, string> = {}) {
  const sentAt = Date.now();
  const response = await fetch(`${server.url}${path}${query}`, { headers });
  const data = Buffer.from(await response.arrayBuffer());
  return {
    status: response.status,
    headers: response.headers,
    data,
    seq: Number(response.headers.get('x-frame-id')),
    capturedAt: Number(response.headers.get('x-timestamp')) * 1000,
    sentAt,
  };
}

describe('a snapshot', () => {
  it('starts a cold camera, is one whole fresh picture, and says which', async () => {
    server = await startServer({ cameras: { front: 'test:?size=320x240&fps=10' } });
    const { status, headers, data, seq, capturedAt, sentAt } = await snapshot();
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('image/jpeg');
    expect(headers.get('cache-control')).toContain('no-cache');
    expect(checkJpeg(data)).toMatchObject({ width: 320, height: 240 });
    expect(seq).toBe(1);
    expect(capturedAt).toBeGreaterThanOrEqual(sentAt);
    expect(headers.get('etag')).toBe(`"1-${Math.round(capturedAt)}"`);
  });

  it('waits for a picture from after the request, also while one from before is there', async () => {
    server = await startServer({ cameras: { front: 'test:?size=160x120&fps=2' } });
    const viewer = watchMjpeg(server.port, '/cameras/front/stream.mjpg');
    await until('a picture', () => viewer.parts.length > 0);
    for (let i = 0; i < 3; i += 1) {
      const { capturedAt, sentAt } = await snapshot();
      expect(capturedAt).toBeGreaterThanOrEqual(sentAt);
    }
    viewer.close();
  });

  it('may be as old as maxAge says, and no older', async () => {
    server = await startServer({ cameras: { front: 'test:?size=160x120&fps=1' } });
    const viewer = watchMjpeg(server.port, '/cameras/front/stream.mjpg');
    await until('a picture', () => viewer.parts.length > 0);
    const old = await snapshot('?maxAge=60000');
    expect(old.capturedAt).toBeLessThan(old.sentAt + 1);
    const fresh = await snapshot('?maxAge=1');
    expect(fresh.seq).toBeGreaterThan(old.seq);
    viewer.close();
  });

  it('is answered with 304 when the client has that very picture', async () => {
    server = await startServer({ cameras: { front: 'test:?size=160x120&fps=1' } });
    const first = await snapshot();
    const etag = first.headers.get('etag') ?? '';
    const again = await snapshot('?maxAge=60000', { 'If-None-Match': etag });
    expect(again.status).toBe(304);
    expect(again.data).toHaveLength(0);
    expect((await snapshot('', { 'If-None-Match': etag })).status).toBe(200);
  });

  it('is 503 with the reason instead of an old picture, at once when the camera has failed', async () => {
    server = await startServer({
      cameras: { front: 'test:?fail=3&always=true&size=160x120&fps=50' },
    });
    await snapshot();
    await until('retrying', async () => (await server.camera('front')).status.state === 'retrying');
    const started = performance.now();
    const { status, headers, data } = await snapshot();
    expect(performance.now() - started).toBeLessThan(400);
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
    const problem = JSON.parse(data.toString());
    expect(problem).toMatchObject({ code: 'SNAPSHOT_UNAVAILABLE' });
    expect(problem.detail).toContain('as it was told to');
  });

  it('is 503 after its time when nothing comes', async () => {
    server = await startServer({ cameras: { front: 'test:?start=30000' } });
    const started = performance.now();
    const { status, data } = await snapshot('?timeout=300');
    expect(performance.now() - started).toBeLessThan(1_500);
    expect(status).toBe(503);
    expect(JSON.parse(data.toString()).detail).toMatch(/^No fresh picture within 0.3 s/);
  });

  it('is 503 at once when the camera was stopped', async () => {
    server = await startServer({ cameras: { front: 'test:?size=160x120&fps=10' } });
    await fetch(`${server.url}/api/cameras/front/stop`, { method: 'POST' });
    const { status, data } = await snapshot();
    expect(status).toBe(503);
    expect(JSON.parse(data.toString()).detail).toContain('it was stopped');
  });

  it('leaves no reader behind, whether it was taken, refused or given up', async () => {
    server = await startServer({ cameras: { front: 'test:?size=160x120&fps=10&start=200' } });
    await Promise.all(Array.from({ length: 20 }, () => snapshot()));
    await snapshot('?timeout=100');
    const abort = new AbortController();
    const given = fetch(`${server.url}${path}`, { signal: abort.signal }).catch(() => {});
    abort.abort();
    await given;
    await until('no readers', async () => (await server.camera('front')).readers.length === 0);
    expect((await server.camera('front')).starts).toBe(1);
  });

  it('is found under the paths that other programs know', async () => {
    server = await startServer({ cameras: { front: 'test:?size=160x120&fps=10' } });
    for (const known of ['/snapshot', '/?action=snapshot']) {
      const response = await fetch(`${server.url}${known}`);
      expect(response.headers.get('content-type'), known).toBe('image/jpeg');
      checkJpeg(Buffer.from(await response.arrayBuffer()));
    }
  });
});
