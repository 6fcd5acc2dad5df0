import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  addressOf,
  cpuTime,
  type RunningCommand,
  runCommand,
  runProgram,
} from './support/command.ts';
import { writeManyEvents } from './support/many-events.ts';
import { type MjpegClient, watchMjpeg } from './support/mjpeg-client.ts';
import { until } from './support/until.ts';

const EVENTS = 1_000_000;
const MB = 1024 * 1024;

let folder: string;
let command: RunningCommand;
let url: string;
let port: number;
let viewers: MjpegClient[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framehub-report-'));
  writeManyEvents(join(folder, 'events'), EVENTS);
  const keep = ['--event-days', '3650', '--event-bytes', '1024GB'];
  command = runCommand(
    ['--port', '0', '--data-dir', folder, ...keep, 'front=test:?size=640x480&fps=30'],
    { cwd: folder },
  );
  ({ url, port } = await addressOf(command));
  viewers = Array.from({ length: 3 }, () => watchMjpeg(port, '/cameras/front/stream.mjpg'));
  await until('pictures', () => viewers.every(({ parts }) => parts.length > 60));
  const recording = await fetch(`${url}/api/recording`);
  expect(await recording.json()).toMatchObject({ store: 'open', events: EVENTS });
});
afterAll(async () => {
  for (const viewer of viewers) viewer.close();
  command.child.kill('SIGINT');
  await command.exited;
  await rm(folder, { recursive: true });
});

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What the server holds, and when its viewers get their frames, until `work` is done. */
async function observe(work: Promise<unknown>): Promise<{ memory: number; p99: number }> {
  const seen = viewers.map(({ parts }) => parts.length);
  const state = { done: false };
  const done = work.finally(() => {
    state.done = true;
  });
  let memory = 0;
  while (!state.done) {
    const status = await readFile(`/proc/${command.pid}/status`, 'utf8');
    memory = Math.max(memory, Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024);
    await sleep(50);
  }
  await done;
  const intervals = viewers.flatMap(({ parts }, index) => {
    const times = parts.slice(seen[index]).map(({ at }) => at);
    return times.slice(1).map((at, next) => at - (times[next] ?? at));
  });
  intervals.sort((a, b) => a - b);
  return { memory, p99: intervals[Math.floor(intervals.length * 0.99)] ?? 0 };
}

/** Reads until a row is there. @returns how long that took, ms, and what goes away */
async function firstRow(name: string): Promise<{ took: number; leave: () => Promise<void> }> {
  const askedAt = performance.now();
  const response = await fetch(`${url}/${name}`);
  const reader = response.body?.getReader();
  let text = '';
  while (!/front|camera-\d/.test(text)) text += Buffer.from((await reader?.read())?.value ?? []);
  return { took: performance.now() - askedAt, leave: async () => reader?.cancel() };
}

it('a report of a million events neither grows the server nor disturbs viewers', async () => {
  const idle = await observe(sleep(6_000));
  const curl = runProgram('sh', ['-c', `curl -sSN ${url}/events.html | wc -l`]);
  const report = await observe(curl.exited);
  const lines = Number(curl.stdout);
  expect(curl.stderr).toBe('');
  // A row is a line; the page around them has a few more.
  expect(lines).toBeGreaterThan(EVENTS);
  expect(lines).toBeLessThan(EVENTS + 50);
  expect((report.memory - idle.memory) / MB).toBeLessThan(30);
  expect(report.p99).toBeLessThan(1.5 * idle.p99);
}, 60_000);

it.each(['events.html', 'events.csv', 'events.ndjson'])('%s begins within 100 ms', async (name) => {
  const times = [];
  for (let round = 0; round < 3; round += 1) {
    const { took, leave } = await firstRow(name);
    times.push(took);
    await leave();
  }
  expect(times.sort((a, b) => a - b)[1]).toBeLessThan(100);
});

it('a report nobody reads any more is not read from the database', async () => {
  const spent = async (ms: number) => {
    const before = await cpuTime(command.pid);
    await sleep(ms);
    return (await cpuTime(command.pid)) - before;
  };
  const idle = await spent(1_500);
  const curl = runProgram('curl', ['-sSN', '-o', '/dev/null', `${url}/events.ndjson`]);
  await sleep(300);
  const reading = await spent(1_500);
  curl.child.kill('SIGKILL');
  await curl.exited;
  await sleep(100);
  const after = await spent(1_500);
  expect(reading).toBeGreaterThan(idle + 300);
  expect(after).toBeLessThan(idle + 100);
});
