import { expect, test } from 'vitest';
import { pushSource } from '../source/push/push-source.ts';
import { testSource } from '../source/test/test-source.ts';
import type { Source, SourceContext } from '../source.ts';
import { probe } from './probe.ts';
import { probeCommand } from './probe-command.ts';
import { probeText } from './probe-text.ts';
import type { Terminal } from './terminal.ts';

const context: SourceContext = { camera: 'probe', ffmpeg: 'ffmpeg', maxPictureBytes: 2 ** 24 };
const open = (text: string): Source => testSource.open(text, context);
const never = new AbortController().signal;
const short = { measured: 500, limit: 5_000 };

test('a working source is measured: size, speed, first picture and bytes', async () => {
  const source = open('test:?size=320x240&fps=20&start=150');
  const report = await probe(source, never, short);
  expect(report).toMatchObject({ width: 320, height: 240, rejected: 0 });
  expect(report?.firstPictureAfter).toBeGreaterThanOrEqual(140);
  expect(report?.fps).toBeGreaterThan(10);
  expect(report?.fps).toBeLessThan(30);
  expect(report?.smallest).toBeGreaterThan(100);
  expect(report?.largest).toBeGreaterThanOrEqual(report?.average ?? Number.POSITIVE_INFINITY);
});

test('a source of one picture has no speed', async () => {
  const report = await probe(open('test:?size=64x64&fps=1'), never, short);
  expect(report).toMatchObject({ pictures: 1, fps: undefined });
});

test('a wrong picture among whole ones is counted, and no failure', async () => {
  const report = await probe(open('test:?size=64x64&fps=20&truncate=2&for=1'), never, short);
  expect(report).toMatchObject({ rejected: 1 });
});

test('a source of wrong pictures only fails with what is wrong with them', async () => {
  const source = open('test:?size=64x64&fps=20&truncate=1');
  await expect(probe(source, never, short)).rejects.toMatchObject({ code: 'PICTURE_TRUNCATED' });
});

test('a source that fails gives its reason', async () => {
  const source = open('test:?size=64x64&fail=0');
  await expect(probe(source, never, short)).rejects.toMatchObject({ code: 'SOURCE_FAILED' });
});

test('a silent source is given up after the limit', async () => {
  const source = open('test:?size=64x64&stall=0');
  await expect(probe(source, never, { limit: 200 })).rejects.toMatchObject({
    code: 'SOURCE_TIMEOUT',
  });
});

test('a probe that is stopped ends at once', async () => {
  const source = open('test:?size=64x64&stall=0');
  const startedAt = performance.now();
  expect(await probe(source, AbortSignal.timeout(50))).toBeUndefined();
  expect(await probe(source, AbortSignal.abort())).toBeUndefined();
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

test('the report is a table', () => {
  const report = {
    width: 640,
    height: 480,
    firstPictureAfter: 41.6,
    pictures: 61,
    rejected: 2,
    fps: 29.97,
    smallest: 900,
    average: 20_480,
    largest: 40_960,
  };
  expect(probeText(open('test:'), report)).toBe(`  source         test:
  kind           test
  size           640 x 480
  speed          30.0 pictures a second (61 counted)
  first picture  after 42 ms
  bytes          20 KB a picture (900 B to 40 KB)
  left out       2 that were no whole JPEG
`);
});

test('a source that pictures are sent to is answered with a sentence', async () => {
  const printed: string[] = [];
  const terminal: Terminal = {
    print: (text) => printed.push(text),
    complain: (text) => printed.push(text),
    interactive: false,
    color: false,
  };
  expect(await probeCommand(pushSource.open('push:', context), terminal, never)).toBe(0);
  expect(printed).toEqual([expect.stringContaining('waits for pictures')]);
});
