import type { Database, Statement } from 'libsql';
import { rowsOf } from './database.ts';
import { firstIdAt } from './event-id.ts';
import { type EventFilter, indexed, scanned } from './event-query.ts';
import { columns, type EventRow, rowOf, valuesOf } from './event-row.ts';

/** Rows looked at in one call for what no index finds: a few ms, in which nothing else happens. */
const SCAN = 500;
const all = columns.join(', ');
const withoutPath = columns.map((column) => (column === 'path' ? "'' AS path" : column)).join(', ');

/** Some events, newest first. */
export interface Page {
  readonly rows: readonly EventRow[];
  /** Where the next page begins; undefined: there is none. A page may be empty and have a next one. */
  readonly next: number | undefined;
}

/** What an event counts for when room is needed. */
export interface Weight {
  readonly id: number;
  readonly bytes: number;
}

/** The table of events. Each call is one small transaction, and takes at most a few ms. */
export class EventStore {
  readonly #db: Database;
  /** By their text, of which there are a few dozen. */
  readonly #statements = new Map<string, Statement>();

  constructor(db: Database) {
    this.#db = db;
  }

  totals(): { readonly events: number; readonly bytes: number } {
    const [[events = 0, bytes = 0] = []] = this.#rows('SELECT events, bytes FROM totals');
    return { events: Number(events), bytes: Number(bytes) };
  }

  /** A number for an event that was first seen then, ms since the epoch. */
  freeId(firstSeen: number): number {
    let id = firstIdAt(firstSeen);
    while (this.#rows('SELECT 1 FROM events WHERE id = ?', id).length > 0) id += 1;
    return id;
  }

  insert(row: EventRow): void {
    const marks = columns.map(() => '?').join(', ');
    this.#statement(`INSERT INTO events (${all}) VALUES (${marks})`).run(...valuesOf(row));
  }

  /** Changes what changes while it is in view. @returns false when it was removed meanwhile */
  update({ id, lastSeen, ended, score, results, best, path, bytes }: EventRow): boolean {
    const sql =
      'UPDATE events SET last_seen = ?, ended = ?, score = ?, results = ?, best = ?, path = ?, bytes = ? WHERE id = ?';
    const { changes } = this.#statement(sql).run(
      ...[lastSeen, ended ? 1 : 0, score, results, best, path, bytes, id],
    );
    return changes > 0;
  }

  get(id: number): EventRow | undefined {
    const [values] = this.#rows(`SELECT ${all} FROM events WHERE id = ?`, id);
    return values === undefined ? undefined : rowOf(values);
  }

  /** @param before id of the last event of the page before */
  page(filter: EventFilter, before: number, limit: number, path: boolean): Page {
    const scan = scanned(filter);
    const floor = scan === undefined ? undefined : this.#nth(filter, before, SCAN);
    const { sql, values } = indexed(filter, before, floor);
    const where = scan === undefined ? sql : `${sql} AND ${scan.sql}`;
    const rows = this.#rows(
      `SELECT ${path ? all : withoutPath} FROM events WHERE ${where} ORDER BY id DESC LIMIT ?`,
      ...values,
      ...(scan?.values ?? []),
      limit,
    ).map(rowOf);
    return { rows, next: rows.length === limit ? rows.at(-1)?.id : floor };
  }

  /** Ended events, oldest first. */
  oldest(before: number, limit: number): readonly Weight[] {
    const sql =
      'SELECT id, bytes + length(path) FROM events WHERE ended = 1 AND id < ? ORDER BY id LIMIT ?';
    return this.#rows(sql, before, limit).map(([id, bytes]) => ({
      id: Number(id),
      bytes: Number(bytes),
    }));
  }

  /** @returns how many there were */
  remove(ids: readonly number[]): number {
    return this.#statement('DELETE FROM events WHERE id IN (SELECT value FROM json_each(?))').run(
      JSON.stringify(ids),
    ).changes;
  }

  /** What was in view when the process ended is no longer. @returns how many there were */
  endAll(): number {
    return this.#statement('UPDATE events SET ended = 1 WHERE ended = 0').run().changes;
  }

  /** Which of these are no events. */
  unknown(ids: readonly number[]): readonly number[] {
    const sql =
      'SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM events WHERE id = value)';
    return this.#rows(sql, JSON.stringify(ids)).map(([id]) => Number(id));
  }

  /** The id of the nth event before `before` that an index finds; undefined: there are fewer. */
  #nth(filter: EventFilter, before: number, n: number): number | undefined {
    const { sql, values } = indexed(filter, before);
    const [row] = this.#rows(
      `SELECT id FROM events WHERE ${sql} ORDER BY id DESC LIMIT 1 OFFSET ?`,
      ...values,
      n - 1,
    );
    return row === undefined ? undefined : Number(row[0]);
  }

  #rows(sql: string, ...values: readonly (string | number)[]) {
    return rowsOf(this.#statement(sql), ...values);
  }

  #statement(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
