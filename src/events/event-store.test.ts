import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newFolder } from '../../test/support/event-camera.ts';
import { type OpenDatabase, openDatabase, rowsOf } from './database.ts';
import { dayOf, firstIdAt, idText, parseIdText } from './event-id.ts';
import { eventJson, eventOf } from './event-row.ts';
import { EventStore } from './event-store.ts';

let folder: string;
let open: OpenDatabase;
let store: EventStore;
beforeEach(async () => {
  folder = await newFolder();
  open = openDatabase(folder);
  store = new EventStore(open.db);
});
afterEach(async () => {
  open.close();
  await rm(folder, { recursive: true });
});

const start = Date.UTC(2026, 0, 1);
const box = { x: 0.1, y: 0.2, width: 0.3, height: 0.4 };

function insert(n: number, score = 0.5, time = start + n * 1_000): number {
  const id = store.freeId(time);
  store.insert({
    ...{ id, camera: n % 2 === 0 ? 'front' : 'back', label: n % 10 === 0 ? 'cat' : 'person' },
    ...{ detector: 'test', firstSeen: time, lastSeen: time + 500, ended: true, score, results: 3 },
    best: JSON.stringify({ seq: n, capturedAt: time, width: 64, height: 48, box }),
    path: JSON.stringify([{ at: time, ...box }]),
    bytes: 1_000,
  });
  return id;
}

describe('the table of events', () => {
  it('numbers events in the order of time, also within a millisecond', () => {
    const ids = [insert(1, 0.5, start), insert(2, 0.5, start), insert(3, 0.5, start + 1)];
    expect(ids.toSorted((a, b) => a - b)).toEqual(ids);
    expect(new Set(ids).size).toBe(3);
    expect(ids.map(idText).toSorted()).toEqual(ids.map(idText));
    expect(ids.map((id) => parseIdText(idText(id)))).toEqual(ids);
    expect(ids.map(dayOf)).toEqual(Array(3).fill('2026-01-01'));
  });

  it.each([Number.NaN, -5, 1e300])('numbers an event of a clock that says %d', (time) => {
    expect(Number.isSafeInteger(firstIdAt(time))).toBe(true);
    expect(dayOf(firstIdAt(time))).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  it('looks at a few hundred rows in a call, however few are meant', () => {
    for (let n = 0; n < 2_000; n += 1) insert(n, n === 3 ? 0.99 : 0.1);
    let before: number | undefined = Number.MAX_SAFE_INTEGER;
    const pages: number[] = [];
    const found: string[] = [];
    while (before !== undefined) {
      const page = store.page({ minScore: 0.9 }, before, 100, false);
      pages.push(page.rows.length);
      found.push(...page.rows.map(({ best }) => best));
      before = page.next;
    }
    expect(found).toHaveLength(1);
    expect(pages.length).toBeGreaterThanOrEqual(4);
  });

  it('reads every row once in pages that cross many times the size of one', () => {
    for (let n = 0; n < 1_000; n += 1) insert(n);
    const seen: number[] = [];
    let before: number | undefined = Number.MAX_SAFE_INTEGER;
    while (before !== undefined) {
      const page = store.page({ camera: 'front' }, before, 50, true);
      seen.push(...page.rows.map((row) => eventOf(row).best.seq));
      before = page.next;
    }
    expect(seen).toEqual(Array.from({ length: 500 }, (_, index) => 998 - 2 * index));
  });

  it('finds by an index whatever the filter is', () => {
    const conditions = ['id < 5 AND id >= 1'];
    for (const name of ['camera', 'label']) {
      conditions.push(...conditions.map((condition) => `${condition} AND ${name} = 'x'`));
    }
    for (const condition of conditions) {
      const sql = `EXPLAIN QUERY PLAN SELECT * FROM events WHERE ${condition} ORDER BY id DESC LIMIT 9`;
      const plan = rowsOf(open.db.prepare(sql)).join('\n');
      expect(plan, condition).toContain('SEARCH events USING');
      expect(plan, condition).not.toContain('TEMP B-TREE');
    }
  });

  it('keeps count of events and bytes as they come, change and go', () => {
    const ids = [insert(1), insert(2), insert(3)];
    const { bytes } = store.totals();
    const row = store.get(ids[0] ?? 0);
    if (row === undefined) throw new Error('expected the row');
    expect(bytes).toBe(3 * (1_000 + row.path.length));
    store.update({ ...row, bytes: 1_500, path: '[]' });
    expect(store.totals()).toEqual({ events: 3, bytes: bytes + 500 + 2 - row.path.length });
    expect(store.remove(ids)).toBe(3);
    expect(store.totals()).toEqual({ events: 0, bytes: 0 });
  });

  it('writes an event as JSON text without reading its parts, and the same as with', () => {
    const row = store.get(insert(7));
    if (row === undefined) throw new Error('expected the row');
    expect(JSON.parse(eventJson(row))).toEqual(eventOf(row));
  });
});

describe('the database', () => {
  it('opens again as it was, and says what is wrong when it is newer than the program', () => {
    insert(1);
    open.close();
    open = openDatabase(folder);
    store = new EventStore(open.db);
    expect(store.totals().events).toBe(1);
    open.db.exec('PRAGMA user_version = 999');
    open.close();
    expect(() => openDatabase(folder)).toThrowError(/written by a newer framehub \(form 999\)/);
    // Not even the lock is left behind.
    expect(() => openDatabase(folder)).toThrowError(/written by a newer framehub/);
  });

  it('says so when the file is no database', async () => {
    open.close();
    const { writeFile } = await import('node:fs/promises');
    const { databaseFile } = await import('./database.ts');
    for (const end of ['', '-wal', '-shm'])
      await rm(`${databaseFile(folder)}${end}`, { force: true });
    await writeFile(
      databaseFile(folder),
      'this is no database, but long enough to be one'.repeat(50),
    );
    expect(() => openDatabase(folder)).toThrowError(
      expect.objectContaining({ code: 'STORE_FAILED' }),
    );
  });
});
