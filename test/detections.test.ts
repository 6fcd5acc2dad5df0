import { afterEach, describe, expect, it } from 'vitest';
import type { DetectionResult } from '../src/api/detection.ts';
import type { FoundAnswer } from '../src/api/detection-schemas.ts';
import { objectAt } from '../src/source/test/moving-object.ts';
import { ballDetector } from './support/ball-detector.ts';
import { type EventClient, readStream } from './support/event-stream.ts';
import { distinctSeqs, watchMjpeg } from './support/mjpeg-client.ts';
import { startServer, type TestServer } from './support/server.ts';
import { until } from './support/until.ts';

let server: TestServer;
afterEach(() => server.close());

const path = '/api/cameras/front/detections';
const source = 'test:?size=320x180&fps=20&clock=off';

const start = (detector = ballDetector(), fps = 60) =>
  startServer({
    cameras: [{ id: 'front', source, detect: { detector, fps }, idleTimeout: 0 }],
  }).then((started) => {
    server = started;
  });

const results = (client: EventClient): (DetectionResult & { skipped?: number })[] =>
  client.events().map(({ data }) => JSON.parse(data));

async function post(body: unknown, type = 'application/json') {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': type },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const answer: FoundAnswer & { code?: string; detail?: string } = JSON.parse(
    await response.text(),
  );
  return { status: response.status, answer };
}

describe('results as Server-Sent Events', () => {
  it('say what is in which frame, and those frames are the ones viewers are sent', async () => {
    await start();
    const viewer = watchMjpeg(server.port, '/cameras/front/stream.mjpg');
    const client = readStream(server.port, path);
    await until('ten results', () => client.events().length >= 10);
    expect(client.head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(client.head).toMatch(/content-type: text\/event-stream/i);
    expect(client.head).toMatch(/cache-control: no-store, no-transform/i);
    expect(client.head).toMatch(/x-accel-buffering: no/i);
    expect(client.body).toMatch(/^retry: \d+\n\n/);
    const found = results(client);
    await until('their frames', () => (viewer.parts.at(-1)?.seq ?? 0) > (found.at(-1)?.seq ?? 0));
    const seqs = distinctSeqs(viewer.parts);
    for (const [index, result] of found.entries()) {
      expect(result).toMatchObject({ camera: 'front', detector: 'ball', width: 320, height: 180 });
      expect(result.detections).toMatchObject([
        { label: 'ball', score: 0.93, box: objectAt(result.seq, 320, 180) },
      ]);
      expect(client.events()[index]).toMatchObject({
        id: String(result.seq),
        event: 'detections',
      });
      if (result.seq >= (seqs[0] ?? 0)) expect(seqs).toContain(result.seq);
    }
    client.close();
    viewer.close();
  });

  it('make the detector run while somebody asks for them, and no longer', async () => {
    const detector = ballDetector();
    await start(detector);
    expect((await server.camera('front')).detector).toMatchObject({ status: { state: 'off' } });
    const clients = [readStream(server.port, path), readStream(server.port, path)];
    await until('results', () => clients.every((client) => client.events().length > 2));
    expect((await server.camera('front')).detector).toMatchObject({
      name: 'ball',
      status: { state: 'running' },
    });
    for (const client of clients) client.close();
    await until('off', async () => (await server.camera('front')).status.state === 'off');
    expect((await server.camera('front')).detector?.status.state).toBe('off');
    const { looks } = detector;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(detector.looks).toBe(looks);
  });

  it('go on where a client left off, without one missing or twice', async () => {
    await start();
    const keep = readStream(server.port, path);
    const first = readStream(server.port, path);
    await until('some', () => first.events().length >= 3);
    const last = first.events()[1]?.id ?? '';
    first.close();
    const seqOf = (client: EventClient) => results(client).map(({ seq }) => seq);
    await until('more meanwhile', () => (seqOf(keep).at(-1) ?? 0) > Number(last) + 10);
    const again = readStream(server.port, path, { 'Last-Event-ID': last });
    const byQuery = readStream(server.port, `${path}?after=${last}`);
    await until('new ones', () => seqOf(again).length > 20 && seqOf(byQuery).length > 20);
    const all = seqOf(keep).filter((seq) => seq > Number(last));
    expect(seqOf(again).slice(0, 20)).toEqual(all.slice(0, 20));
    expect(seqOf(byQuery).slice(0, 20)).toEqual(all.slice(0, 20));
    for (const client of [keep, again, byQuery]) client.close();
  });

  it('are all new to a client that comes from an earlier life of the server', async () => {
    await start();
    const keep = readStream(server.port, path);
    await until('some', () => keep.events().length >= 5);
    const late = readStream(server.port, path, { 'Last-Event-ID': '900000' });
    await until('from the beginning', () => late.events().length >= 5);
    expect(results(late).slice(0, 5)).toEqual(results(keep).slice(0, 5));
    keep.close();
    late.close();
  });

  it('end when the camera is removed', async () => {
    await start();
    const client = readStream(server.port, path, { Connection: 'close' });
    await until('a result', () => client.events().length > 0);
    await server.framehub.removeCamera('front');
    await until('the end', () => client.closed);
    expect((await fetch(`${server.url}${path}`)).status).toBe(404);
  });

  it('are not waited for by a HEAD request, which starts nothing', async () => {
    const detector = ballDetector();
    await start(detector);
    const response = await fetch(`${server.url}${path}`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/event-stream/);
    expect((await server.camera('front')).starts).toBe(0);
  });
});

describe('results as lines of JSON', () => {
  it.each([
    ['by Accept', path, { Accept: 'application/x-ndjson' }],
    ['by the address', `${path}?format=ndjson`, {}],
  ])('come when asked for %s', async (_how, address, headers) => {
    await start();
    const client = readStream(server.port, address, headers);
    await until('ten', () => client.lines().length >= 10);
    expect(client.head).toMatch(/content-type: application\/x-ndjson/i);
    const seqs = client.lines().map((line): number => JSON.parse(line).seq);
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
    client.close();
  });
});

describe('a client that does not read', () => {
  it('costs a bounded number of results, and is told how many it missed', async () => {
    server = await startServer({ cameras: [{ id: 'front', source, idleTimeout: false }] });
    await fetch(`${server.url}/cameras/front/snapshot.jpg`).then((response) => response.blob());
    const paused = readStream(server.port, path);
    const reading = readStream(server.port, path);
    await until('connected', () => paused.body !== '' && reading.body !== '');
    paused.socket.pause();
    // More than the kernel takes on its own: 2,400 results of 10 KB.
    const box = { x: 0.123456789, y: 0.1, width: 0.25, height: 0.5 };
    const detections = Array.from({ length: 100 }, () => ({ label: 'x', score: 0.5, box }));
    const { seq } = await server.camera('front');
    const one = JSON.stringify({ detector: 'many', seq, detections });
    for (let batch = 0; batch < 24; batch++) {
      const { answer } = await post(`${one}\n`.repeat(100), 'application/x-ndjson');
      expect(answer).toMatchObject({ accepted: 100, rejected: 0, wanted: 2 });
    }
    await until(
      'all of them at the one who reads',
      () => reading.events().length === 2_400,
      20_000,
    );
    expect(results(reading).every(({ skipped }) => skipped === undefined)).toBe(true);
    paused.socket.resume();
    await until('the newest', () => paused.events().length > 100, 20_000);
    const skipped = () => results(paused).reduce((sum, result) => sum + (result.skipped ?? 0), 0);
    await until('the sum', () => paused.events().length + skipped() === 2_400);
    expect(skipped()).toBeGreaterThan(500);
    paused.close();
    reading.close();
  }, 60_000);
});

describe('results found elsewhere', () => {
  const box = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };
  const one = { label: 'cup', score: 0.5, box };
  const elsewhere = async () => {
    server = await startServer({ cameras: [{ id: 'front', source, idleTimeout: false }] });
    await fetch(`${server.url}/cameras/front/snapshot.jpg`).then((response) => response.blob());
    return (await server.camera('front')).seq;
  };

  it('are taken by the number or the time of a frame, and reach everyone who wants results', async () => {
    const seq = await elsewhere();
    const client = readStream(server.port, path);
    await until('connected', () => client.body !== '');
    const first = await post({ detector: 'mine', seq, inferenceMs: 12, detections: [one] });
    expect(first).toMatchObject({ status: 200, answer: { accepted: 1, rejected: 0, wanted: 1 } });
    const [result] = await until('it', () => client.events().length > 0 && results(client));
    expect(result).toMatchObject({ seq, detector: 'mine', inferenceMs: 12, width: 320 });
    expect(result?.detections).toMatchObject([one]);
    await post({ detector: 'mine', capturedAt: result?.capturedAt, detections: [] });
    const both = await until('the second', () => client.events().length > 1 && results(client));
    expect(both[1]).toMatchObject({ seq, detections: [] });
    expect((await server.camera('front')).lastResult).toMatchObject({ seq, detector: 'mine' });
    client.close();
  });

  it('are refused one by one, with the reason, in a list and in a stream', async () => {
    const seq = await elsewhere();
    const good = { detector: 'mine', seq, detections: [] };
    const bad = [
      { ...good, seq: seq + 100_000 },
      { ...good, detections: [{ ...one, box: { ...box, x: 1.5 } }] },
      { ...good, detections: [{ ...one, box: { ...box, x: 0.9 } }] },
      { ...good, detections: [{ ...one, score: 2 }] },
      { ...good, detections: [{ ...one, more: 1 }] },
      { ...good, detections: Array.from({ length: 101 }, () => one) },
      { detector: 'mine', detections: [] },
      { seq, detections: [] },
      'nonsense',
    ];
    const codes = ['RESULT_UNKNOWN_FRAME', ...Array.from({ length: 8 }, () => 'REQUEST_INVALID')];
    const list = await post([good, ...bad, good]);
    expect(list).toMatchObject({ status: 200, answer: { accepted: 2, rejected: bad.length } });
    expect(list.answer.reasons.map(({ code }) => code)).toEqual(codes);
    expect(list.answer.reasons.map(({ index }) => index)).toEqual(bad.map((_, index) => index + 1));
    const lines = [good, ...bad].map((each) => JSON.stringify(each)).join('\n');
    const stream = await post(`${lines}\n{broken\n`, 'application/x-ndjson');
    expect(stream.answer).toMatchObject({ accepted: 1, rejected: bad.length + 1 });
    for (const { detail } of stream.answer.reasons) expect(detail).toMatch(/^.{10,}\.$/s);
  });

  it('are an error when not one of them could be taken', async () => {
    const seq = await elsewhere();
    const far = await post({ detector: 'mine', seq: 9_999_999, detections: [] });
    expect(far).toMatchObject({ status: 422, answer: { code: 'RESULT_UNKNOWN_FRAME' } });
    const wrong: [unknown, string, number, string][] = [
      ['', 'application/json', 400, 'REQUEST_INVALID'],
      ['[', 'application/json', 400, 'REQUEST_INVALID'],
      ['{}', 'text/plain', 400, 'REQUEST_INVALID'],
      [{ detector: '', seq, detections: [] }, 'application/json', 400, 'REQUEST_INVALID'],
      [Array.from({ length: 1_001 }, () => ({})), 'application/json', 413, 'BODY_TOO_LARGE'],
      ['x'.repeat(70_000), 'application/x-ndjson', 413, 'BODY_TOO_LARGE'],
      ['x'.repeat(1_100_000), 'application/json', 413, 'BODY_TOO_LARGE'],
    ];
    for (const [body, type, status, code] of wrong) {
      const answered = await post(body, type);
      expect(answered, String(body).slice(0, 40)).toMatchObject({ status, answer: { code } });
    }
    expect((await post([])).answer).toMatchObject({ accepted: 0, rejected: 0 });
  });

  it('are for admins to bring', async () => {
    server = await startServer({
      cameras: { front: source },
      auth: 'token',
      adminToken: 'admin',
      viewerToken: 'viewer',
    });
    const as = (token: string) =>
      fetch(`${server.url}${path}?token=${token}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '[]',
      });
    expect((await as('viewer')).status).toBe(403);
    expect((await as('admin')).status).toBe(200);
  });
});
