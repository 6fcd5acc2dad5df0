import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { openDatabase, rowsOf } from '../src/events/database.ts';
import { type RunningCommand, runProgram } from './support/command.ts';
import { listEvents, newFolder, openEvents, picturesIn } from './support/event-camera.ts';
import { until } from './support/until.ts';

const KILLS = 100;
/** At a time, each with a folder of its own: a start is mostly waiting. */
const FOLDERS = 2;
/** Longest life while it records, ms. */
const LONGEST_LIFE = 350;
const server = fileURLToPath(new URL('./support/recording-server.mjs', import.meta.url));

interface Tally {
  /** Files of no event, right after the kill. */
  leftOver: number;
  /** Events there were after the last start. */
  events: number;
  /** How often it was killed. */
  kills: number;
}

const running = new Set<RunningCommand>();
const folders: string[] = [];
let over = false;
// Where one of two goes wrong, the other one is still at it.
afterEach(async () => {
  over = true;
  for (const { child } of running) child.kill('SIGKILL');
  await Promise.all([...running].map(({ exited }) => exited));
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

it('killed in the middle of recording, again and again, it loses no picture and leaves no file', async () => {
  const tallies = await Promise.all(
    Array.from({ length: FOLDERS }, async (_, index) => {
      const dataDir = await newFolder();
      const tally: Tally = { leftOver: 0, events: 0, kills: 0 };
      folders.push(dataDir);
      for (let round = index; round < KILLS && !over; round += FOLDERS) {
        await killWhileRecording(dataDir, (round / KILLS) * LONGEST_LIFE);
        await check(`${dataDir}/events`, tally);
      }
      return tally;
    }),
  );
  expect(tallies.reduce((sum, { kills }) => sum + kills, 0)).toBe(KILLS);
  // It was killed in the middle, and had something to lose.
  for (const { events } of tallies) expect(events).toBeGreaterThan(10);
  expect(tallies.reduce((sum, { leftOver }) => sum + leftOver, 0)).toBeGreaterThan(0);
}, 240_000);

async function killWhileRecording(dataDir: string, life: number): Promise<void> {
  const program = runProgram(process.execPath, [server, dataDir]);
  running.add(program);
  await until(
    'it to record',
    () =>
      program.stdout.includes('recording') ||
      (program.stderr ? Promise.reject(new Error(program.stderr)) : false),
    20_000,
  );
  await new Promise((resolve) => setTimeout(resolve, life));
  program.child.kill('SIGKILL');
  expect(await program.exited).toBe('SIGKILL');
  running.delete(program);
  expect(program.stderr).toBe('');
}

async function check(folder: string, tally: Tally): Promise<void> {
  const before = await picturesIn(folder);
  const events = openEvents(folder, { retention: { maxDays: 1, maxBytes: 1e9 } });
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listEvents(events, {}, cursor);
    ids.push(...page.events.map(({ id }) => id));
    for (const { ended, best } of page.events)
      expect({ ended, ...best }).toMatchObject({ ended: true, width: 160 });
    cursor = page.next;
  } while (cursor !== undefined);
  const after = await picturesIn(folder);
  expect(after).toEqual(ids.sort());
  const { events: count } = await events.report();
  expect(count).toBe(ids.length);
  await events.close();
  const { db, close } = openDatabase(folder);
  expect(rowsOf(db.prepare('PRAGMA integrity_check'))).toEqual([['ok']]);
  close();
  tally.leftOver += before.length - after.length;
  tally.events = ids.length;
  tally.kills += 1;
}
