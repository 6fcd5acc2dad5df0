import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { emptyPicture, frameOf } from '../../../../test/support/frames.ts';
import { detectorContract } from '../../../detector.contract.ts';
import { HttpDetector } from './http-detector.ts';

type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

const { signal } = new AbortController();
const cat = { label: 'cat', score: 0.9, box: { x: 0.1, y: 0.2, width: 0.3, height: 0.4 } };
const closing: (() => unknown)[] = [];
let picture: Buffer;

beforeAll(async () => {
  picture = await emptyPicture();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server of this machine that answers like this. */
async function serve(answer: Answer) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(request, response, Buffer.concat(chunks)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = () => server.close().closeAllConnections();
  return { port, close };
}

async function detectorOn(answer: Answer, timeout = 5_000, login = '') {
  const { port, close } = await serve(answer);
  const url = new URL(`http://${login}127.0.0.1:${port}/detect`);
  const detector = new HttpDetector({ url, timeout });
  closing.push(close, () => detector.close());
  return detector;
}

const json =
  (value: unknown): Answer =>
  (_request, response) =>
    void response.end(JSON.stringify(value));

const failureOf = (detector: HttpDetector) =>
  detector.detect(frameOf(picture, 1), signal).catch((error: unknown) => error);

detectorContract('http:', async () => {
  const pictures = await emptyPicture();
  const { port, close } = await serve((request, response) => {
    const seq = Number(request.headers['x-frame-id']);
    if (seq === 13) response.statusCode = 500;
    response.end(JSON.stringify({ detections: seq === 7 ? [] : [cat] }));
  });
  const url = new URL(`http://127.0.0.1:${port}/`);
  return {
    open: () => new HttpDetector({ url, timeout: 5_000 }),
    frames: [frameOf(pictures, 1), frameOf(pictures, 2)],
    label: 'cat',
    empty: [frameOf(pictures, 7)],
    failing: { frame: frameOf(pictures, 13), code: 'DETECTOR_FAILED' },
    close: () => void close(),
  };
});

describe('http:', () => {
  it('posts the picture and says which it is', async () => {
    let told: unknown;
    const detector = await detectorOn((request, response, body) => {
      const { method, url, headers } = request;
      told = [
        method,
        url,
        headers['content-type'],
        headers['x-camera'],
        headers['x-frame-id'],
        headers['x-timestamp'],
        headers['x-width'],
        headers['x-height'],
        body.equals(picture),
      ];
      response.end(JSON.stringify({ seq: 5, detections: [cat] }));
    });
    expect(await detector.detect(frameOf(picture, 5), signal)).toEqual([cat]);
    expect(told).toEqual([
      'POST',
      '/detect',
      'image/jpeg',
      'front',
      '5',
      '1700000001.000000',
      '640',
      '360',
      true,
    ]);
  });

  it('keeps one connection for all pictures', async () => {
    const ports = new Set<number | undefined>();
    const detector = await detectorOn((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('{"detections":[]}');
    });
    for (let seq = 1; seq <= 5; seq += 1) await detector.detect(frameOf(picture, seq), signal);
    expect(ports.size).toBe(1);
  });

  it('logs in with what stands in the address, and never shows the password', async () => {
    const detector = await detectorOn(
      (request, response) => {
        const known = request.headers.authorization === `Basic ${btoa('me:geheim')}`;
        response.statusCode = known ? 500 : 401;
        response.end('out of memory');
      },
      5_000,
      'me:geheim@',
    );
    const failure = await failureOf(detector);
    expect(String(failure)).toMatch(
      /http:\/\/me:\*\*\*@127\.0\.0\.1:\d+\/detect to answer HTTP 200; got 500: out of memory/,
    );
  });

  it('gives up on one that does not answer, nor end its answer', async () => {
    const silent = await detectorOn(() => {}, 200);
    expect(await failureOf(silent)).toMatchObject({ code: 'DETECTOR_TIMEOUT' });
    const slow = await detectorOn(
      (_request, response) => void response.write('{"detections":'),
      200,
    );
    expect(await failureOf(slow)).toMatchObject({
      code: 'DETECTOR_TIMEOUT',
      message: expect.stringContaining('within 0.2 s'),
    });
  });

  it.each<[string, Answer, string]>([
    [
      'no JSON',
      (_, response) => void response.end('<html>Hello'),
      'Expected JSON; got "<html>Hello"',
    ],
    ['JSON null', json(null), 'Expected a list of detections'],
    ['no detections', json({ found: [] }), 'Expected a list of detections; got undefined'],
    [
      'boxes in pixels',
      json({ detections: [{ ...cat, box: { x: 10, y: 10, width: 99, height: 99 } }] }),
      'fractions',
    ],
    ['an answer for another picture', json({ seq: 2, detections: [] }), '"seq" 1'],
    [
      'too much',
      (_, response) => void response.end(`{"detections":[${' '.repeat(300_000)}]}`),
      'at most 256 KB',
    ],
  ])('refuses %s', async (_, answer, words) => {
    const failure = await failureOf(await detectorOn(answer));
    expect(failure).toMatchObject({ code: 'DETECTOR_INVALID' });
    expect(String(failure)).toContain(words);
  });

  it('says that nobody is there', async () => {
    const { port, close } = await serve(() => {});
    close();
    const detector = new HttpDetector({
      url: new URL(`http://127.0.0.1:${port}/`),
      timeout: 1_000,
    });
    closing.push(() => detector.close());
    expect(await failureOf(detector)).toMatchObject({
      code: 'DETECTOR_FAILED',
      message: `Expected a detector at http://127.0.0.1:${port}/, but nothing listens there.`,
    });
  });

  it('does not follow to somewhere else', async () => {
    const detector = await detectorOn((_, response) => {
      response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end();
    });
    expect(String(await failureOf(detector))).toContain('got 302');
  });
});
