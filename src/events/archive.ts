import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { FramehubError } from '../errors.ts';
import type { Log } from '../log.ts';
import { databaseFile, openDatabase, storeFailed } from './database.ts';
import { firstIdSince } from './event-id.ts';
import type { EventRow } from './event-row.ts';
import { EventStore } from './event-store.ts';
import { Pictures } from './pictures.ts';
import { Serial } from './serial.ts';

/** Events removed at a time to make room. */
const REMOVE_BATCH = 100;

export interface Retention {
  readonly maxDays: number;
  /** Of pictures and paths together. */
  readonly maxBytes: number;
}

/** An event to be kept; without an id it is a new one, and needs its picture. */
export interface Draft extends Omit<EventRow, 'id' | 'bytes'> {
  readonly id: number | undefined;
  readonly bytes: number;
}

/**
 * Events and their pictures, kept so that a crash at any moment leaves no event without its picture
 * and, after the next start, no picture without its event: the picture is written first and the row
 * after it; the row is removed first, for good, and the picture after it.
 */
export class Archive {
  readonly #folder: string;
  readonly #retention: Retention;
  readonly #log: Log;
  readonly #serial = new Serial();
  readonly #close: () => void;
  readonly #pictures: Pictures;
  readonly store: EventStore;
  #removedByAge = 0;
  #removedBySize = 0;
  #closed = false;

  /** @throws STORE_FAILED */
  static async open(folder: string, retention: Retention, log: Log): Promise<Archive> {
    const archive = new Archive(folder, retention, log);
    try {
      await archive.#tidy();
      return archive;
    } catch (thrown) {
      archive.#close();
      throw storeFailed(folder, thrown);
    }
  }

  private constructor(folder: string, retention: Retention, log: Log) {
    const { db, close } = openDatabase(folder);
    this.#folder = folder;
    this.#retention = retention;
    this.#log = log;
    this.#close = close;
    this.#pictures = new Pictures(join(folder, 'pictures'));
    this.store = new EventStore(db);
  }

  /** Events removed since it was opened. */
  get removed(): { readonly byAge: number; readonly bySize: number } {
    return { byAge: this.#removedByAge, bySize: this.#removedBySize };
  }

  picturePath(id: number): string {
    return this.#pictures.path(id);
  }

  /**
   * Keeps an event as it is now.
   *
   * @returns undefined when it was removed while it was in view
   * @throws STORE_FAILED
   */
  async save(draft: Draft, picture: Buffer | undefined): Promise<EventRow | undefined> {
    return await this.#run(async () => {
      const known = draft.id !== undefined;
      const id = draft.id ?? this.store.freeId(draft.firstSeen);
      if (known && this.store.unknown([id]).length > 0) return undefined;
      if (picture !== undefined) await this.#pictures.write(id, picture);
      const row = { ...draft, id, bytes: picture?.length ?? draft.bytes };
      if (known) this.store.update(row);
      else await this.#insert(row);
      return row;
    });
  }

  /** @returns false when there is no such event. @throws STORE_FAILED */
  async remove(id: number): Promise<boolean> {
    return (await this.#run(() => this.#remove([id]))) > 0;
  }

  /** Removes what is too old, and the oldest beyond the limit of bytes. @throws STORE_FAILED */
  async retain(): Promise<void> {
    const { maxDays, maxBytes } = this.#retention;
    const old = firstIdSince(maxDays, Date.now());
    while (!this.#closed) {
      const removed = await this.#run(async () => {
        const ids = this.store.oldest(old, REMOVE_BATCH).map(({ id }) => id);
        return await this.#remove(ids);
      });
      if (removed === 0) break;
      this.#removedByAge += removed;
      await setImmediate();
    }
    while (!this.#closed) {
      const removed = await this.#run(async () => {
        let excess = this.store.totals().bytes - maxBytes;
        const ids: number[] = [];
        if (excess <= 0) return 0;
        for (const { id, bytes } of this.store.oldest(Number.MAX_SAFE_INTEGER, REMOVE_BATCH)) {
          if (excess <= 0) break;
          ids.push(id);
          excess -= bytes;
        }
        return await this.#remove(ids);
      });
      if (removed === 0) break;
      this.#removedBySize += removed;
      await setImmediate();
    }
  }

  /** Ends when what was asked for is done. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#serial.idle();
    this.#close();
  }

  async #insert(row: EventRow): Promise<void> {
    try {
      this.store.insert(row);
    } catch (thrown) {
      await this.#pictures.remove([row.id]);
      throw thrown;
    }
  }

  async #remove(ids: readonly number[]): Promise<number> {
    if (ids.length === 0) return 0;
    const removed = this.store.remove(ids);
    // Else a loss of power could bring back a row whose picture is gone.
    await syncFile(`${databaseFile(this.#folder)}-wal`);
    await this.#pictures.remove(ids);
    return removed;
  }

  async #tidy(): Promise<void> {
    const ended = this.store.endAll();
    const orphans = await this.#pictures.sweep((ids) => this.store.unknown(ids));
    if (ended + orphans === 0) return;
    this.#log.info({ ended, orphans }, 'events tidied after a crash');
  }

  #run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#closed) {
      return Promise.reject(new FramehubError('STORE_FAILED', 'The event store is closed.'));
    }
    return this.#serial.run(task).catch((thrown: unknown) => {
      throw storeFailed(this.#folder, thrown);
    });
  }
}

/**
 * On a thread of its own, so that a slow disk holds up nothing. Only the log of a database may be
 * opened beside it: closing the database itself would let go of the locks of the whole process.
 */
async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
