import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { serve } from '../main.ts';
import { openSource } from '../sources.ts';
import { type Parts, run } from './run.ts';

const cwd = await mkdtemp(join(tmpdir(), 'framehub-run-'));
afterAll(() => rm(cwd, { recursive: true }));
const never = new AbortController().signal;

interface Run {
  readonly signal?: AbortSignal;
  readonly parts?: Partial<Parts>;
  /** Told all that is printed. */
  onPrint?(text: string): void;
}

async function runWith(argv: readonly string[], { signal = never, parts, onPrint }: Run = {}) {
  let out = '';
  let err = '';
  const code = await run(
    { argv, env: { FRAMEHUB_PROT: '1' }, cwd },
    { serve, openSource, listDevices: async () => [], ...parts },
    {
      print(text) {
        out += text;
        onPrint?.(text);
      },
      complain(text) {
        err += text;
      },
      interactive: false,
      color: false,
    },
    signal,
  );
  return { code, out, err };
}

test('a server runs until it is asked to stop, and is gone then', async () => {
  const stop = new AbortController();
  const url = /http:\S+/;
  let status: Promise<number> | undefined;
  const { code, out, err } = await runWith(['test:', '--port', '0'], {
    signal: stop.signal,
    onPrint(text) {
      status = fetch(url.exec(text)?.[0] ?? '').then((answer) => answer.status);
      status.finally(() => stop.abort()).catch(() => undefined);
    },
  });
  expect(code).toBe(0);
  expect(await status).toBeLessThan(500);
  expect(out).toMatch(
    /^\nframehub is running: http:.*\n\n {2}test {2}test: {2}waits for a viewer\n/,
  );
  expect(err).toContain('framehub: warning: FRAMEHUB_PROT: there is no such variable');
  await expect(fetch(url.exec(out)?.[0] ?? '')).rejects.toThrow('fetch failed');
});

test('a server that was asked to stop while it started says nothing and is closed', async () => {
  let url = '';
  const answer = await runWith(['test:', '--port', '0'], {
    signal: AbortSignal.abort(),
    parts: {
      async serve(settings) {
        const server = await serve(settings);
        url = server.url;
        return server;
      },
    },
  });
  expect(answer).toMatchObject({ code: 0, out: '' });
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

test('a server that can not be closed ends the program with 1', async () => {
  const { code, err } = await runWith(['test:', '--port', '0'], {
    signal: AbortSignal.abort(),
    parts: {
      async serve(settings) {
        const server = await serve(settings);
        const close = () => server.close().then(() => Promise.reject(new Error('stuck')));
        return { ...server, close };
      },
    },
  });
  expect(code).toBe(1);
  expect(err).toContain('framehub: stuck\n');
});

test('a port that is taken ends the program with 4', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' ? String(address?.port) : '';
  const { code, out, err } = await runWith(['test:', '--port', port]);
  other.close();
  expect({ code, out }).toEqual({ code: 4, out: '' });
  expect(err).toContain('PORT_IN_USE');
});

test('a wrong command line ends the program with 2', async () => {
  const { code, out, err } = await runWith(['nonsense:']);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(
    /^framehub: source 1: "nonsense:" is .*\n {2}.*--help.*\n {2}USAGE_INVALID\n$/,
  );
});

test('a wrong file ends the program with 3', async () => {
  await writeFile(join(cwd, 'wrong.yaml'), 'port: x');
  const { code, err } = await runWith(['--config', 'wrong.yaml']);
  expect(code).toBe(3);
  expect(err).toMatch(/^framehub: wrong\.yaml:1:7: port: expected .*\n/);
});

test('a probe of a source that fails ends the program with 5 and the reason', async () => {
  const { code, out, err } = await runWith(['probe', 'test:?size=64x64&fail=0']);
  expect({ code, out }).toEqual({ code: 5, out: '' });
  expect(err).toContain('SOURCE_FAILED');
});

test('a probe that is interrupted ends the program with 1 and without a word', async () => {
  const answer = await runWith(['probe', 'test:?stall=0'], { signal: AbortSignal.timeout(100) });
  expect(answer).toMatchObject({ code: 1, out: '', err: '' });
});

test('help, version and devices are printed and end the program with 0', async () => {
  expect(await runWith(['--help'])).toMatchObject({ code: 0, err: '' });
  expect(await runWith(['--version'])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^\d+\.\d+\.\d+/),
  });
  expect(await runWith(['devices'])).toMatchObject({
    code: 0,
    out: expect.stringContaining('No webcam'),
  });
});
