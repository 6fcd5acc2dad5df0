import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { encodeFrameMessage, FRAME_HEADER_BYTES } from '../src/api/frame-message.ts';
import { FRAME_CREDIT } from '../src/api/socket-messages.ts';
import { parseMessage } from '../src/delivery/websocket/parse-message.ts';
import type { Detector } from '../src/detector.ts';
import { startServer, type TestServer } from './support/server.ts';
import { codeBlock, tableRows } from './support/tables.ts';
import { until } from './support/until.ts';

const page = await readFile(new URL('../docs/reference/websocket.md', import.meta.url), 'utf8');
const [fromViewer = '', fromServer = ''] = page.split('## What the server sends');

let server: TestServer | undefined;
afterEach(() => server?.close());

type Message = Record<string, unknown> & { readonly type: string };

function examples(text: string, part: string): Message[] {
  const lines = codeBlock(text, 'json', part).trim().split('\n');
  return lines.map((line): Message => JSON.parse(line));
}

test('the messages a viewer sends are those the server understands, as the page writes them', () => {
  const shown = examples(fromViewer, 'subscribe');
  const types = tableRows(fromViewer, 'type').map(([type]) => type);
  expect(shown.map(({ type }) => type)).toEqual(types);
  for (const message of shown) expect(parseMessage(JSON.stringify(message))).toEqual(message);
  const known = /"type" as (.*);/.exec(refusal('{"type":"other"}'))?.[1]?.split(/, | or /);
  expect(types).toEqual(known);
  expect(refusal(JSON.stringify({ type: 'subscribe', cameras: Array(257).fill('a') }))).toContain(
    '256',
  );
});

function refusal(text: string): string {
  try {
    parseMessage(text);
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : '';
  }
  throw new Error('expected a refusal');
}

const onePerson: Detector = {
  name: 'objects',
  detect: async () => [
    { label: 'person', score: 0.87, box: { x: 0.41, y: 0.2, width: 0.12, height: 0.55 } },
  ],
  close: async () => {},
};

test('the server sends each message as the page shows it, and no other', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'framehub-docs-'));
  server = await startServer({
    dataDir,
    eventMinResults: 1,
    eventMinTime: 0,
    cameras: [
      {
        ...{ id: 'front', name: 'Front door', source: 'test:?size=160x120&fps=20' },
        detect: onePerson,
        record: true,
      },
      { id: 'garage', source: 'test:?size=160x120&fps=20' },
    ],
  });
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws`);
  const received: Message[] = [];
  socket.on('message', (data, isBinary) => {
    if (!isBinary) received.push(JSON.parse(data.toString()));
  });
  await once(socket, 'open');
  for (const message of examples(fromViewer, 'subscribe').filter(
    ({ type }) => type !== 'unsubscribe',
  )) {
    socket.send(JSON.stringify(message));
  }
  socket.send('hello');
  const isLive = ({ type, camera, status }: Message) =>
    type === 'status' && camera === 'front' && JSON.stringify(status).includes('"live"');
  await until('live', () => received.some(isLive));
  await server.framehub.removeCamera('garage');
  // A thing has its number from the second time on.
  const isTracked = (message: Message) => JSON.stringify(message).includes('"trackId"');
  const seen = await until(
    'gone, a result, and an event',
    () =>
      received.some(({ type }) => type === 'gone') &&
      received.some(isTracked) &&
      received.some(({ type }) => type === 'event') &&
      received,
  );
  socket.terminate();
  await server.close();
  await rm(dataDir, { recursive: true });

  const shown = examples(fromServer, 'hello');
  const rows = tableRows(fromServer, 'type');
  expect(shown.map(({ type }) => type)).toEqual(rows.map(([type]) => type));
  expect(new Set(seen.map(({ type }) => type))).toEqual(new Set(shown.map(({ type }) => type)));
  for (const example of shown) {
    const { type } = example;
    const special: Record<string, (message: Message) => boolean> = {
      status: isLive,
      detections: isTracked,
    };
    const real = seen.find(special[type] ?? ((message) => message.type === type));
    expect(shapeOf(example), type).toEqual(shapeOf(real));
    const [, , has = ''] = rows.find(([name]) => name === type) ?? [];
    for (const field of Object.keys(example).slice(1)) expect(has).toContain(field);
    if (type === 'gone' || type === 'error') expect(real).toEqual(example);
  }
});

/** A message without its numbers and the ids of events, which are others every time. */
function shapeOf(message: unknown): unknown {
  return JSON.parse(JSON.stringify(message), (key, value) =>
    typeof value === 'number' || key === 'id' ? 0 : value,
  );
}

test('a picture is laid out as the table says', () => {
  const rows = tableRows(page, 'offset');
  const camera = 'front';
  const told = { camera, seq: 1841, keyframe: true, width: 1280, height: 720, capturedAt: 1.5e12 };
  const data = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9);
  const message = Buffer.from(encodeFrameMessage({ ...told, data }));
  const read: Record<string, (at: number) => number> = {
    uint8: (at) => message.readUInt8(at),
    uint16: (at) => message.readUInt16BE(at),
    float64: (at) => message.readDoubleBE(at),
  };
  const fixed = rows.flatMap(([offset, bytes, type]) => {
    const value = read[type ?? '']?.(Number(offset));
    return value === undefined ? [] : [{ offset: Number(offset), bytes: Number(bytes), value }];
  });
  expect(fixed.map(({ value }) => value)).toEqual([1, 1, 1, 5, 1280, 720, 1841, 1.5e12]);
  let end = 0;
  for (const { offset, bytes } of fixed) {
    expect(offset).toBe(end);
    end += bytes;
  }
  expect(end).toBe(FRAME_HEADER_BYTES);
  expect(rows.slice(fixed.length).map(([offset]) => offset)).toEqual([`${end}`, `${end} + n`]);
  expect(message.toString('utf8', end, end + camera.length)).toBe(camera);
  expect(message.subarray(end + camera.length)).toEqual(Buffer.from(data));
});

test('the page names the credit', () => {
  expect(tableRows(page, 'what')).toContainEqual([
    'pictures of a camera on their way',
    String(FRAME_CREDIT),
  ]);
});

test('the Node.js client works as it stands', async () => {
  server = await startServer({ cameras: { front: 'test:?size=160x120&fps=20' } });
  const code = codeBlock(page, 'js', "from 'ws'");
  const client = spawn(
    process.execPath,
    ['--input-type=module', '-', `ws://127.0.0.1:${server.port}/ws`, 'front'],
    { cwd: fileURLToPath(new URL('..', import.meta.url)), stdio: 'pipe' },
  );
  let output = '';
  for (const stream of [client.stdout, client.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = once(client, 'close');
  client.stdin.end(code);
  const seqs = () =>
    [...output.matchAll(/^picture (\d+), \d+ bytes, \d+ ms old$/gm)].map(([, seq]) => Number(seq));
  await until(
    'ten pictures',
    () => seqs().length >= 10 || (client.exitCode !== null && Promise.reject(new Error(output))),
  );
  expect(seqs().slice(0, 10)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  await server.framehub.close();
  await ended;
  expect(output).toContain("state: 'live'");
  expect(output).toContain('closed with 1001');
});
