import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import {
  DetectionResultSchema,
  FoundAnswerSchema,
  FoundElsewhereSchema,
} from '../src/api/detection-schemas.ts';
import { startServer, type TestServer } from './support/server.ts';
import { codeBlock, tableRows } from './support/tables.ts';

const page = await readFile(new URL('../docs/reference/detections.md', import.meta.url), 'utf8');
const rows = (header: string) => tableRows(page, header).map(([name]) => name);

let server: TestServer | undefined;
afterEach(() => server?.close());

test('the tables name every field of a result, of one found elsewhere, and of the answer', () => {
  const { properties } = DetectionResultSchema;
  expect(rows('result')).toEqual(Object.keys(properties));
  expect(rows('detection').toSorted()).toEqual(
    Object.keys(properties.detections.items.properties).toSorted(),
  );
  expect(rows('found elsewhere')).toEqual(Object.keys(FoundElsewhereSchema.properties));
  expect(rows('answer')).toEqual(Object.keys(FoundAnswerSchema.properties));
});

test('the examples have the fields they should, and no others', () => {
  const example = JSON.parse(codeBlock(page, 'json', '"inferenceMs"'));
  const { skipped: _skipped, ...always } = DetectionResultSchema.properties;
  expect(Object.keys(example)).toEqual(Object.keys(always));
  const answer = JSON.parse(codeBlock(page, 'json', '"accepted"'));
  expect(Object.keys(answer)).toEqual(Object.keys(FoundAnswerSchema.properties));
});

test('a result is brought with the commands as they stand', async () => {
  server = await startServer({
    cameras: [{ id: 'front', source: 'test:?size=160x120&fps=20', idleTimeout: false }],
  });
  const cwd = await mkdtemp(join(tmpdir(), 'framehub-docs-'));
  const command = codeBlock(page, 'sh', 'SEQ=');
  const env = { ...process.env, FRAMEHUB: server.url };
  const { stdout } = await promisify(execFile)('sh', ['-c', command], { cwd, env });
  expect(JSON.parse(stdout)).toMatchObject({ accepted: 1, rejected: 0, wanted: 0 });
  expect((await server.camera('front')).lastResult).toMatchObject({ detector: 'mine' });
  await rm(cwd, { recursive: true });
});
