import {
  createServer,
  get,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../../test/support/until.ts';
import { type StreamedRows, streamRows } from './stream-rows.ts';

let server: Server | undefined;
afterEach(() => server?.close().closeAllConnections());

async function serve(handler: RequestListener): Promise<number> {
  const listening = createServer(handler);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const address = listening.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Counts what is taken of it, and knows whether it was returned. */
function numbers(count: number) {
  const state = { taken: 0, returned: false };
  function* generate() {
    try {
      for (let number = 1; number <= count; number += 1) {
        state.taken = number;
        yield number;
      }
    } finally {
      state.returned = true;
    }
  }
  return { state, rows: generate() };
}

const line = {
  head: 'head\n',
  row: (n: number) => `row ${n}\n`,
  foot: (n: number) => `foot ${n}\n`,
};

describe('streaming rows', () => {
  it('writes head, rows and foot, in order and nothing twice', async () => {
    const { rows, state } = numbers(20_000);
    const port = await serve((_, response) => streamRows(response, line, rows));
    const text = await (await fetch(`http://127.0.0.1:${port}`)).text();
    const lines = text.split('\n');
    expect(lines[0]).toBe('head');
    expect(lines.slice(1, 20_001)).toEqual(
      Array.from({ length: 20_000 }, (_, n) => `row ${n + 1}`),
    );
    expect(lines.slice(20_001)).toEqual(['foot 20000', '']);
    expect(state.returned).toBe(true);
  });

  it('takes rows that come by and by', async () => {
    async function* slow() {
      for (const n of [1, 2, 3]) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        yield n;
      }
    }
    const output = new PassThrough();
    const streamed = streamRows(output, line, slow());
    output.setEncoding('utf8');
    let text = '';
    for await (const part of output) text += part;
    expect(text).toBe('head\nrow 1\nrow 2\nrow 3\nfoot 3\n');
    expect(await streamed).toEqual({ rows: 3, complete: true });
  });

  it('reads no further than a reader who does not read has room for', async () => {
    const { rows, state } = numbers(10_000_000);
    const port = await serve((_, response) => streamRows(response, line, rows));
    const socket = connect(port, '127.0.0.1');
    socket.pause();
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    let before = -1;
    await until('it to wait', async () => {
      const same = state.taken === before && before > 0;
      before = state.taken;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return same;
    });
    expect(state.taken).toBeLessThan(5_000_000);
    socket.destroy();
    await until('the rows to be returned', () => state.returned);
  });

  it('stops reading, and lets go of what it reads from, when the reader goes', async () => {
    const { rows, state } = numbers(100_000_000);
    let outcome: StreamedRows | undefined;
    const port = await serve(async (_, response) => {
      outcome = await streamRows(response, line, rows);
    });
    const request = get(`http://127.0.0.1:${port}`, (response: IncomingMessage) =>
      response.resume(),
    );
    request.on('error', () => {});
    await until('many rows', () => state.taken > 50_000);
    request.destroy();
    await until('the end', () => outcome !== undefined);
    expect(outcome).toMatchObject({ complete: false });
    expect(state.returned).toBe(true);
    const { taken } = state;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(state.taken).toBe(taken);
  });

  it('lets other work have its turn', async () => {
    const { rows } = numbers(300_000);
    const output = new PassThrough();
    output.resume();
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    const { complete } = await streamRows(
      output,
      { row: (n: number) => 'x'.repeat(n % 100) },
      rows,
    );
    clearInterval(timer);
    expect(complete).toBe(true);
    expect(longest).toBeLessThan(60);
  });

  it('cuts the answer off when its signal aborts', async () => {
    const abort = new AbortController();
    const { rows, state } = numbers(100_000_000);
    const { signal } = abort;
    const port = await serve((_, response) => streamRows(response, line, rows, { signal }));
    const response = await fetch(`http://127.0.0.1:${port}`);
    abort.abort();
    await expect(response.text()).rejects.toThrow();
    expect(state.returned).toBe(true);
  });

  it('cuts the answer off when the rows fail, and says why', async () => {
    function* failing() {
      yield 1;
      throw new Error('the database is gone');
    }
    let failure: unknown;
    const port = await serve((_, response) => {
      streamRows(response, line, failing()).catch((thrown: unknown) => {
        failure = thrown;
      });
    });
    const answer = fetch(`http://127.0.0.1:${port}`).then((response) => response.text());
    await expect(answer).rejects.toThrow();
    expect(failure).toMatchObject({ message: 'the database is gone' });
  });

  it('reads nothing for somebody who is gone already', async () => {
    const { rows, state } = numbers(10);
    const output = new PassThrough();
    output.destroy();
    expect(await streamRows(output, line, rows)).toEqual({ rows: 0, complete: false });
    expect(state.taken).toBe(0);
  });
});
