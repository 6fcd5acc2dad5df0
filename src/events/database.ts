import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { FramehubError } from '../errors.ts';

/** How long another program may hold the file, ms: everything waits. What fails then is tried again. */
const BUSY_TIMEOUT = 200;
/** Pages in the log before they are moved into the database: 1 MB, so that no move takes long. */
const CHECKPOINT_PAGES = 256;
const migrations = new URL('./migrations/', import.meta.url);

/** A database with its lock. */
export interface OpenDatabase {
  readonly db: Database.Database;
  /** Safe to call twice. */
  close(): void;
}

export const databaseFile = (folder: string): string => join(folder, 'events.db');

/**
 * Opens the database of a folder, which is made if need be. One process at a time: a second one
 * would take the pictures the first one is writing for left over.
 *
 * @throws STORE_FAILED
 */
export function openDatabase(folder: string): OpenDatabase {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const lock = takeLock(folder);
    const db = new Database(databaseFile(folder), { timeout: BUSY_TIMEOUT });
    const close = () => {
      if (!db.open) return;
      db.close();
      lock.exec('COMMIT');
      lock.close();
    };
    try {
      // The log makes a commit one append without a sync; what must outlive a loss of power syncs
      // the log itself.
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = NORMAL');
      db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
      migrate(db);
      return { db, close };
    } catch (thrown) {
      close();
      throw thrown;
    }
  } catch (thrown) {
    throw storeFailed(folder, thrown);
  }
}

/**
 * A transaction that lasts. The kernel lets go of it however the process ends, and statements that
 * are not collected yet don't hold it, as they hold the database itself after its close.
 */
function takeLock(folder: string): Database.Database {
  const lock = new Database(join(folder, 'lock.db'));
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (thrown) {
    lock.close();
    throw new FramehubError('STORE_FAILED', `Another framehub uses ${folder}.`, {
      help: 'Give each framehub a "dataDir" of its own.',
      cause: thrown,
    });
  }
}

/** Brings the tables to the newest form; each file is one step, and done whole or not at all. */
function migrate(db: Database.Database): void {
  const names = readdirSync(migrations)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  const [[version = 0] = []] = rowsOf(db.prepare('PRAGMA user_version')).map((row) =>
    row.map(Number),
  );
  if (version > names.length) {
    throw new FramehubError(
      'STORE_FAILED',
      `The events were written by a newer framehub (form ${version}); this one knows ${names.length}.`,
      { help: 'Use the newer framehub, or another "dataDir".' },
    );
  }
  for (const [index, name] of names.entries()) {
    if (index < version) continue;
    const sql = readFileSync(new URL(name, migrations), 'utf8');
    db.exec(`BEGIN IMMEDIATE;\n${sql}\nPRAGMA user_version = ${index + 1};\nCOMMIT;`);
  }
}

/**
 * All rows a statement gives, as arrays. The only way to read here: a statement that is stopped
 * before its end keeps the log from being folded into the database until it is collected.
 */
export function rowsOf(
  statement: Database.Statement,
  ...values: readonly (string | number)[]
): readonly (readonly unknown[])[] {
  return statement
    .raw()
    .all(...values)
    .map((row) => (Array.isArray(row) ? row : []));
}

/** Anything the store throws, as what can be acted on. */
export function storeFailed(folder: string, thrown: unknown): FramehubError {
  if (thrown instanceof FramehubError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new FramehubError('STORE_FAILED', `The events in ${folder} can't be used: ${reason}.`, {
    cause: thrown,
  });
}
