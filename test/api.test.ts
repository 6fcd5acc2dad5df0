import { afterEach, describe, expect, it } from 'vitest';
import { createFramehub } from '../src/index.ts';
import { watchMjpeg } from './support/mjpeg-client.ts';
import type { TestServer } from './support/server.ts';
import { startServer } from './support/server.ts';
import { until } from './support/until.ts';

let server: TestServer;
afterEach(() => server.close());

const test = 'test:?size=160x120&fps=20&clock=off';

async function call(method: string, path: string, body?: unknown) {
  const response = await fetch(`${server.url}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text ? JSON.parse(text) : undefined,
  };
}

describe('the cameras API', () => {
  it('adds, changes and removes a camera, and says where it is', async () => {
    server = await startServer();
    const added = await call('POST', '/api/cameras', { id: 'front', source: test, idleTimeout: 0 });
    expect(added.status).toBe(201);
    const location = new URL(added.headers.get('location') ?? '', `${server.url}/api/cameras`);
    expect(location.pathname).toBe('/api/cameras/front');
    expect(added.body).toMatchObject({
      id: 'front',
      name: 'front',
      kind: 'test',
      status: { state: 'off', stopped: false },
      seq: 0,
      idleTimeout: 0,
      readers: [],
    });
    const changed = await call('PATCH', '/api/cameras/front', {
      name: 'Front door',
      idleTimeout: false,
    });
    expect(changed.body).toMatchObject({ name: 'Front door', idleTimeout: false, kind: 'test' });
    expect((await call('GET', '/api/cameras')).body.cameras).toHaveLength(1);
    expect((await call('DELETE', '/api/cameras/front')).status).toBe(204);
    expect((await call('GET', '/api/cameras/front')).status).toBe(404);
  });

  it("tells each reader's truth", async () => {
    server = await startServer({ cameras: { front: test } });
    const viewer = watchMjpeg(server.port, '/cameras/front/stream.mjpg');
    await until('ten pictures', () => viewer.parts.length >= 10);
    const camera = await server.camera('front');
    expect(camera).toMatchObject({ status: { state: 'live' }, width: 160, height: 120, starts: 1 });
    expect(camera.fps).toBeGreaterThan(15);
    expect(camera.fps).toBeLessThan(25);
    const [reader] = camera.readers;
    expect(reader).toMatchObject({ kind: 'mjpeg', address: '127.0.0.1', skipped: 0 });
    expect(reader?.frames).toBeGreaterThanOrEqual(9);
    expect(reader?.bytes).toBeGreaterThan(9 * 500);
    expect(reader?.age).toBeLessThan(200);
    viewer.close();
    await until('gone', async () => (await server.camera('front')).readers.length === 0);
  });

  it('stops and starts a camera under its viewers, who see why', async () => {
    server = await startServer({ cameras: { front: test } });
    const viewer = watchMjpeg(server.port, '/cameras/front/stream.mjpg');
    await until('a picture', () => viewer.parts.length > 0);
    expect((await call('POST', '/api/cameras/front/stop')).body.status).toMatchObject({
      state: 'off',
      stopped: true,
    });
    const placeholder = await until('a placeholder', () =>
      viewer.parts.find((part) => part.placeholder),
    );
    expect(placeholder.placeholder).toBe('off');
    const before = viewer.parts.length;
    await call('POST', '/api/cameras/front/start');
    await until('live', () => viewer.parts.slice(before).some(({ seq }) => seq !== undefined));
    expect(viewer.closed).toBe(false);
  });

  it('changes the source under its viewers, who stay', async () => {
    server = await startServer({ cameras: { front: test } });
    const viewer = watchMjpeg(server.port, '/cameras/front/stream.mjpg');
    await until('a picture', () => viewer.parts.length > 0);
    await call('PATCH', '/api/cameras/front', { source: 'test:?size=320x240&fps=20' });
    await until('larger', async () => (await server.camera('front')).width === 320);
    expect(viewer.closed).toBe(false);
    viewer.close();
  });

  it('answers every mistake with a code, what was expected and what to do', async () => {
    server = await startServer({ cameras: { front: test } });
    const mistakes: [string, string, unknown, number, string][] = [
      ['POST', '/api/cameras', { id: 'front', source: test }, 409, 'CAMERA_EXISTS'],
      ['POST', '/api/cameras', { id: '../etc', source: test }, 400, 'CAMERA_ID_INVALID'],
      ['POST', '/api/cameras', { id: 'x', source: 'nonsense' }, 400, 'SOURCE_INVALID'],
      ['POST', '/api/cameras', { id: 'x', source: 'test:?fps=0' }, 400, 'SOURCE_INVALID'],
      ['POST', '/api/cameras', { id: 'x' }, 400, 'REQUEST_INVALID'],
      ['POST', '/api/cameras', { id: 'x', source: test, extra: 1 }, 400, 'REQUEST_INVALID'],
      ['PATCH', '/api/cameras/front', {}, 400, 'REQUEST_INVALID'],
      ['PATCH', '/api/cameras/front', { stallTimeout: 'soon' }, 400, 'REQUEST_INVALID'],
      ['PATCH', '/api/cameras/front', { source: 'nonsense', name: 'x' }, 400, 'SOURCE_INVALID'],
      ['PATCH', '/api/cameras/nope', { name: 'x' }, 404, 'CAMERA_NOT_FOUND'],
      ['DELETE', '/api/cameras/nope', undefined, 404, 'CAMERA_NOT_FOUND'],
      ['POST', '/api/cameras/nope/stop', undefined, 404, 'CAMERA_NOT_FOUND'],
      ['GET', '/cameras/nope/stream.mjpg', undefined, 404, 'CAMERA_NOT_FOUND'],
      ['GET', '/cameras/front/snapshot.jpg?maxAge=-1', undefined, 400, 'REQUEST_INVALID'],
      ['GET', '/nothing', undefined, 404, 'NOT_FOUND'],
    ];
    for (const [method, path, body, status, code] of mistakes) {
      const answer = await call(method, path, body);
      const what = `${method} ${path} ${JSON.stringify(body)}`;
      expect(answer.headers.get('content-type'), what).toMatch(/^application\/problem\+json/);
      expect(answer.body, what).toMatchObject({ status, code, type: `urn:framehub:error:${code}` });
      expect(answer.body.detail.length, what).toBeGreaterThan(10);
      expect(answer.body.help.length, what).toBeGreaterThan(10);
      expect(answer.status, what).toBe(status);
    }
    expect((await server.camera('front')).name).toBe('front');
  });

  it('refuses bodies that are no JSON or too large', async () => {
    server = await startServer();
    const headers = { 'Content-Type': 'application/json' };
    const post = (body: string) =>
      fetch(`${server.url}/api/cameras`, { method: 'POST', headers, body });
    expect(await (await post('{"id":')).json()).toMatchObject({ code: 'REQUEST_INVALID' });
    const large = await post(JSON.stringify({ id: 'x', source: 'x'.repeat(100_000) }));
    expect(await large.json()).toMatchObject({ code: 'BODY_TOO_LARGE', status: 413 });
  });

  it('takes no source over HTTP that runs a command or reads a file', async () => {
    server = await startServer({ cameras: { front: test } });
    const sources = [
      'exec:touch /tmp/owned',
      'ffmpeg:-f lavfi -i testsrc',
      'images:/etc',
      '/etc/passwd.mp4',
      'file:///etc/passwd',
      './clip.mp4',
    ];
    for (const source of sources) {
      const added = await call('POST', '/api/cameras', { id: 'x', source });
      expect(added.body, source).toMatchObject({ status: 403, code: 'SOURCE_FORBIDDEN' });
      const changed = await call('PATCH', '/api/cameras/front', { source });
      expect(changed.body, source).toMatchObject({ status: 403, code: 'SOURCE_FORBIDDEN' });
    }
    expect((await call('GET', '/api/cameras')).body.cameras).toHaveLength(1);
  });

  it('keeps at most as many cameras as it was told', async () => {
    server = await startServer({ cameras: { front: test }, maxCameras: 1 });
    const answer = await call('POST', '/api/cameras', { id: 'second', source: test });
    expect(answer.body).toMatchObject({ status: 429, code: 'TOO_MANY' });
  });

  it('never shows the password of a source', async () => {
    server = await startServer();
    const source = 'http://user:s3cret@127.0.0.1:9/stream';
    const added = await call('POST', '/api/cameras', { id: 'front', source });
    expect(added.body.source).toBe('http://user:***@127.0.0.1:9/stream');
    const snapshot = await call('GET', '/cameras/front/snapshot.jpg');
    expect(snapshot.body).toMatchObject({ status: 503, code: 'SNAPSHOT_UNAVAILABLE' });
    const listed = await call('GET', '/api/cameras');
    expect(JSON.stringify([added.body, snapshot.body, listed.body])).not.toContain('s3cret');
  });

  it('describes itself in OpenAPI, with every path it answers', async () => {
    server = await startServer();
    const { body } = await call('GET', '/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths).sort()).toEqual([
      '/',
      '/api/cameras',
      '/api/cameras/{id}',
      '/api/cameras/{id}/detections',
      '/api/cameras/{id}/frames',
      '/api/cameras/{id}/start',
      '/api/cameras/{id}/stop',
      '/api/events',
      '/api/events/live',
      '/api/events/{id}',
      '/api/events/{id}/picture.jpg',
      '/api/recording',
      '/api/webhooks',
      '/cameras/{id}/annotated.mjpg',
      '/cameras/{id}/snapshot.jpg',
      '/cameras/{id}/stream.mjpg',
      '/events.csv',
      '/events.html',
      '/events.ndjson',
      '/healthz',
      '/snapshot',
      '/stream',
      '/video_feed',
    ]);
    const answers = (path: string, status: string) =>
      Object.keys(body.paths[path].get.responses[status].content);
    expect(answers('/cameras/{id}/stream.mjpg', '200')).toEqual(['multipart/x-mixed-replace']);
    expect(answers('/cameras/{id}/snapshot.jpg', '200')).toEqual(['image/jpeg']);
    expect(answers('/api/events/live', '200')).toEqual(['text/event-stream']);
    expect(answers('/events.csv', '200')).toEqual(['text/csv']);
    for (const path of Object.keys(body.paths)) {
      if (body.paths[path].get === undefined) continue;
      expect(answers(path, '200'), path).not.toEqual([]);
      if (path !== '/healthz') expect(answers(path, '5XX')).toEqual(['application/problem+json']);
    }
  });

  it('says that it is up', async () => {
    server = await startServer({ cameras: { front: test } });
    expect((await call('GET', '/healthz')).body).toEqual({ status: 'ok', cameras: 1 });
  });
});

describe('the library', () => {
  it('takes a generator as a camera, and gives frames and snapshots without a server', async () => {
    server = await startServer();
    const source = await createFramehub({ cameras: { front: test } });
    const relay = await createFramehub({
      cameras: {
        relay: async function* (signal) {
          for await (const { data } of source.frames('front', signal)) yield data;
        },
      },
    });
    const seqs: number[] = [];
    for await (const frame of relay.frames('relay')) {
      seqs.push(frame.seq);
      expect(frame).toMatchObject({ camera: 'relay', width: 160, height: 120, codec: 'jpeg' });
      if (seqs.length === 3) break;
    }
    expect(seqs).toEqual([1, 2, 3]);
    const snapshot = await relay.snapshot('relay', { maxAge: 60_000 });
    expect(snapshot.seq).toBeGreaterThanOrEqual(3);
    await relay.close();
    await source.close();
    expect(source.cameras()).toEqual([]);
  });

  it('refuses a bad camera at once and leaves nothing behind', async () => {
    server = await startServer();
    await expect(createFramehub({ cameras: { front: 'nonsense' } })).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
    });
  });
});
