import { mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { dayOf, idText, parseIdText } from './event-id.ts';

/** Pictures of which the database is asked at a time whether it knows them. */
const SWEEP_BATCH = 500;
const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

/** The pictures of events, one JPEG file each, in a folder per day. Calls must not overlap. */
export class Pictures {
  readonly #folder: string;
  readonly #known = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  path(id: number): string {
    return join(this.#folder, dayOf(id), `${idText(id)}.jpg`);
  }

  /** Writes or replaces a picture. When this resolves, no crash and no loss of power undoes it. */
  async write(id: number, data: Uint8Array): Promise<void> {
    const day = await this.#day(id);
    const draft = join(day, `${idText(id)}.tmp`);
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, this.path(id));
    await syncFolder(day);
  }

  async remove(ids: readonly number[]): Promise<void> {
    for (const id of ids) await rm(this.path(id), { force: true });
    for (const day of new Set(ids.map(dayOf))) await this.#removeIfEmpty(day);
  }

  /**
   * Removes what a crash left: drafts, and pictures of no event.
   *
   * @param orphans which of these are no events
   * @returns how many files were removed
   */
  async sweep(orphans: (ids: readonly number[]) => readonly number[]): Promise<number> {
    let removed = 0;
    for (const day of await names(this.#folder)) {
      if (!dayPattern.test(day)) continue;
      const files = await names(join(this.#folder, day));
      const drafts = files.filter((file) => file.endsWith('.tmp'));
      const ids = files
        .filter((file) => file.endsWith('.jpg'))
        .map((file) => parseIdText(file.slice(0, -'.jpg'.length)))
        .filter((id) => id !== undefined);
      const left = drafts;
      for (let at = 0; at < ids.length; at += SWEEP_BATCH) {
        const batch = ids.slice(at, at + SWEEP_BATCH);
        left.push(...orphans(batch).map((id) => `${idText(id)}.jpg`));
      }
      for (const file of left) await rm(join(this.#folder, day, file), { force: true });
      removed += left.length;
      if (left.length === files.length) await this.#removeIfEmpty(day);
    }
    return removed;
  }

  async #day(id: number): Promise<string> {
    const name = dayOf(id);
    const day = join(this.#folder, name);
    if (!this.#known.has(name)) {
      await mkdir(day, { recursive: true, mode: 0o700 });
      await syncFolder(this.#folder);
      await syncFolder(dirname(this.#folder));
      this.#known.clear();
      this.#known.add(name);
    }
    return day;
  }

  async #removeIfEmpty(day: string): Promise<void> {
    this.#known.delete(day);
    try {
      await rmdir(join(this.#folder, day));
    } catch (thrown) {
      if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(codeOf(thrown))) throw thrown;
    }
  }
}

async function names(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return [];
    throw thrown;
  }
}

/** Makes the names in a folder outlive a loss of power. Windows does so by itself, and can't be asked. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
}
