import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { type ChildExit, runChild } from './child-process.ts';

/** Runs a Node.js program to its end; `each` sees its output as it comes. */
async function run(
  script: string,
  signal: AbortSignal = new AbortController().signal,
  each: (text: string) => void = () => {},
): Promise<ChildExit & { readonly stdout: string }> {
  let stdout = '';
  const onOutput = (chunk: Buffer) => {
    stdout += chunk.toString();
    each(stdout);
  };
  const end = await runChild(process.execPath, ['-e', script], { signal, onOutput });
  return { ...end, stdout };
}

/** Whether the process, or any of its group when negative, is there. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function expectGone(pid: number): Promise<void> {
  await expect.poll(() => isThere(pid), { timeout: 10_000 }).toBe(false);
}

it('gives all that a program writes, how it ended and what it complained about', async () => {
  const end = await run(
    `process.stdout.write('x'.repeat(300_000), () => { console.error('no film'); process.exit(7) })`,
  );
  expect(end.stdout).toHaveLength(300_000);
  expect(end).toMatchObject({ code: 7, signal: null, stderr: 'no film\n' });
});

it('keeps the last complaints of a program that never stops complaining', async () => {
  const end = await run(`for (let i = 0; i < 20_000; i++) console.error('complaint ' + i)`);
  expect(Buffer.byteLength(end.stderr)).toBeLessThanOrEqual(8 * 1024);
  expect(end.stderr).toMatch(/^complaint \d+\n/);
  expect(end.stderr).toMatch(/complaint 19999\n$/);
});

it('a missing program is told with the code of the system', async () => {
  const { signal } = new AbortController();
  const run = runChild('/nonexistent/capture', [], { signal, onOutput: () => {} });
  await expect(run).rejects.toMatchObject({ code: 'ENOENT' });
});

it('an abort ends it and all it started, and leaves no listener', async () => {
  const abort = new AbortController();
  let pid = 0;
  const end = await run(
    `const { spawn } = require('node:child_process')
     const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })
     console.log(process.pid); setInterval(() => {}, 1000)`,
    abort.signal,
    (text) => {
      pid = Number(text);
      abort.abort();
    },
  );
  expect(end.signal).toBe('SIGTERM');
  await expectGone(-pid);
  expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
});

it.each([
  ['does not listen to SIGTERM', `process.on('SIGTERM', () => {})`, () => {}],
  ['is stopped', '', (pid: number) => process.kill(pid, 'SIGSTOP')],
  [
    'is stopped and does not listen',
    `process.on('SIGTERM', () => {})`,
    (pid: number) => process.kill(pid, 'SIGSTOP'),
  ],
])('a program that %s is gone within 1.5 s of the abort', async (_, extra, meddle) => {
  const abort = new AbortController();
  let pid = 0;
  let aborted = 0;
  await run(
    `${extra}; console.log(process.pid); setInterval(() => {}, 1000)`,
    abort.signal,
    (text) => {
      pid = Number(text);
      meddle(pid);
      aborted = performance.now();
      abort.abort();
    },
  );
  expect(performance.now() - aborted).toBeLessThan(1_500);
  expect(isThere(pid)).toBe(false);
});

it('a fault in whoever reads its output ends it, and is told once it is gone', async () => {
  let pid = 0;
  let read = 0;
  const script = `console.log(process.pid); setInterval(() => console.log('more'), 1)`;
  const fault = new Error('no picture');
  const ran = run(script, undefined, (text) => {
    pid = Number.parseInt(text, 10);
    read += 1;
    throw fault;
  });
  await expect(ran).rejects.toBe(fault);
  expect(pid).toBeGreaterThan(0);
  expect(isThere(pid)).toBe(false);
  expect(read).toBe(1);
});

it('a program killed from outside is told by the signal', async () => {
  const end = await run(
    `console.log(process.pid); setInterval(() => {}, 1000)`,
    undefined,
    (text) => {
      process.kill(Number(text), 'SIGKILL');
    },
  );
  expect(end).toMatchObject({ code: null, signal: 'SIGKILL' });
});

it('a program that closes its output and stays is ended', async () => {
  const end = await run(`require('node:fs').closeSync(1); setInterval(() => {}, 1000)`);
  expect(end.signal).toBe('SIGTERM');
});

it('a program that leaves another one behind does not hold the loop', async () => {
  let left = 0;
  await run(
    `const { spawn } = require('node:child_process')
     const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit', detached: true })
     process.stdout.write(String(child.pid), () => process.exit(0))`,
    undefined,
    (text) => {
      left = Number(text);
    },
  );
  expect(isThere(left)).toBe(true);
  process.kill(left, 'SIGKILL');
});

it('nothing is started when it is aborted already', async () => {
  const end = await run(`console.log('started')`, AbortSignal.abort());
  expect(end.stdout).toBe('');
});

it('a program that is given its input reads it, and sees its end', async () => {
  let answer = '';
  const end = await runChild(
    process.execPath,
    ['-e', `process.stdin.on('data', (text) => process.stdout.write(String(text).toUpperCase()))`],
    {
      signal: new AbortController().signal,
      onInput: (input) => input.end('hello'),
      onOutput: (chunk) => {
        answer += chunk.toString();
      },
    },
  );
  expect(answer).toBe('HELLO');
  expect(end.code).toBe(0);
});

it('writing to a program that is gone harms nobody', async () => {
  let written = false;
  const end = await runChild(process.execPath, ['-e', 'process.exit(4)'], {
    signal: new AbortController().signal,
    onInput: (input) => {
      const more = setInterval(() => {
        input.write(Buffer.alloc(100_000));
        written = true;
      }, 5);
      input.once('close', () => clearInterval(more));
    },
    onOutput: () => {},
  });
  expect(end).toMatchObject({ code: 4, stderr: '' });
  expect(written).toBe(true);
});
