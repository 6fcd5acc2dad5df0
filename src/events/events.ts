import { existsSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { CameraEvent, EventChange, RecordingReport } from '../api/event.ts';
import type { Results } from '../detection/results.ts';
import { FramehubError, toFramehubError } from '../errors.ts';
import type { CameraId } from '../frame.ts';
import type { Channel } from '../hub/channel.ts';
import { FaultLog, type Log } from '../log.ts';
import { Archive, type Draft, type Retention } from './archive.ts';
import { databaseFile } from './database.ts';
import { EventFeed } from './event-feed.ts';
import { idText, parseIdText } from './event-id.ts';
import type { EventFilter } from './event-query.ts';
import { type EventRow, eventOf } from './event-row.ts';
import { Recorder } from './recorder.ts';
import type { TrackLimits } from './track.ts';

/** After the last failure to open the store it is not tried for this long, ms. */
const RETRY_AFTER = 2_000;
/** How often is looked for events that are too old, ms. */
const RETENTION_INTERVAL = 60_000;
/** Steps of one request for a page; each looks at a few hundred events at most. */
const STEPS_PER_PAGE = 50;
/** Rows that a report reads in one call. */
const REPORT_BATCH = 250;

export interface EventsOptions {
  readonly folder: string;
  readonly retention: Retention;
  readonly limits: TrackLimits;
  readonly log: Log;
}

/** One page of events, newest first. */
export interface EventPage {
  readonly rows: readonly EventRow[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: string;
}

/**
 * What was seen: recorded, kept, told and read. Nothing is made on the disk before a camera is
 * recorded, and the database is opened by whoever needs it first.
 */
export class Events {
  readonly feed = new EventFeed();
  readonly #options: EventsOptions;
  readonly #faults: FaultLog;
  readonly #recorders = new Map<CameraId, Recorder>();
  readonly #ending = new Set<Promise<void>>();
  #opening: Promise<Archive> | undefined;
  #failure: { readonly error: FramehubError; readonly at: number } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #retaining = false;
  #closed = false;

  constructor(options: EventsOptions) {
    this.#options = options;
    this.#faults = new FaultLog(options.log, 'event store');
  }

  /** Records a camera until it is removed. */
  record(channel: Channel, results: Results): void {
    const { limits, log } = this.#options;
    const { camera } = channel;
    const recorder = new Recorder(
      {
        channel,
        results,
        limits,
        log,
        save: (draft, picture) => this.#save(draft, picture),
        saved: (change, row) => this.#saved(change, row),
      },
      () => {
        this.#recorders.delete(camera);
        const ended = recorder.close().finally(() => this.#ending.delete(ended));
        this.#ending.add(ended);
      },
    );
    this.#recorders.set(camera, recorder);
    // What a crash left is tidied now, not when the first event comes.
    this.#open().catch((thrown: unknown) => this.#fault(thrown));
  }

  /**
   * @param cursor `next` of the page before
   * @param limit events at most; a page may hold fewer, even none, and have a next one
   * @throws STORE_FAILED, REQUEST_INVALID
   */
  async page(filter: EventFilter, cursor: string | undefined, limit: number): Promise<EventPage> {
    const archive = await this.#existing();
    let before: number | undefined = Number.MAX_SAFE_INTEGER;
    if (cursor !== undefined) {
      before = parseIdText(cursor);
      if (before === undefined) {
        throw new FramehubError('REQUEST_INVALID', 'Expected "next" of a page as the cursor.');
      }
    }
    const rows: EventRow[] = [];
    for (let step = 0; archive !== undefined && before !== undefined; step += 1) {
      if (rows.length >= limit || step >= STEPS_PER_PAGE) return { rows, next: idText(before) };
      if (step > 0) await setImmediate();
      const page = archive.store.page(filter, before, limit - rows.length, true);
      rows.push(...page.rows);
      before = page.next;
    }
    return { rows };
  }

  /** @throws EVENT_NOT_FOUND, STORE_FAILED */
  async get(id: string): Promise<CameraEvent> {
    return eventOf((await this.#find(id)).row);
  }

  /** The file with its picture. @throws EVENT_NOT_FOUND, STORE_FAILED */
  async picture(id: string): Promise<{ readonly path: string; readonly event: CameraEvent }> {
    const { archive, row } = await this.#find(id);
    return { path: archive.picturePath(row.id), event: eventOf(row) };
  }

  /** @throws EVENT_NOT_FOUND, STORE_FAILED */
  async remove(id: string): Promise<void> {
    const { archive, row } = await this.#find(id);
    if (!(await archive.remove(row.id))) throw notFound(id);
  }

  /**
   * All events that are meant, newest first, read as they are taken: a few hundred in one call.
   *
   * @param path whether their paths are wanted
   * @throws STORE_FAILED
   */
  async rows(filter: EventFilter, path: boolean): Promise<Iterable<EventRow>> {
    const archive = await this.#existing();
    return archive === undefined ? [] : readRows(archive, filter, path);
  }

  async report(): Promise<RecordingReport> {
    const { maxDays, maxBytes } = this.#options.retention;
    const base = {
      events: 0,
      bytes: 0,
      maxDays,
      maxBytes,
      removed: { byAge: 0, bySize: 0 },
      cameras: [...this.#recorders.values()].map((recorder) => recorder.report()),
    };
    try {
      const archive = await this.#existing();
      if (archive === undefined) return { store: 'empty', ...base };
      return { store: 'open', ...base, ...archive.store.totals(), removed: archive.removed };
    } catch (thrown) {
      return { store: 'failed', reason: toFramehubError(thrown).message, ...base };
    }
  }

  /** Ends the events of what is in view, and resolves when everything is written. */
  async close(): Promise<void> {
    const recorders = [...this.#recorders.values()];
    this.#recorders.clear();
    await Promise.all([...this.#ending, ...recorders.map((recorder) => recorder.close())]);
    this.#closed = true;
    clearInterval(this.#timer);
    const archive = await this.#opening?.catch(() => undefined);
    await archive?.close();
  }

  /** The archive; undefined when nothing was ever recorded. */
  async #existing(): Promise<Archive | undefined> {
    const { folder } = this.#options;
    const wanted = this.#opening !== undefined || this.#recorders.size > 0;
    return wanted || existsSync(databaseFile(folder)) ? await this.#open() : undefined;
  }

  #open(): Promise<Archive> {
    if (this.#opening !== undefined) return this.#opening;
    if (this.#closed) return Promise.reject(new FramehubError('STORE_FAILED', 'It is stopping.'));
    const { folder, retention, log } = this.#options;
    const failure = this.#failure;
    if (failure !== undefined && performance.now() - failure.at < RETRY_AFTER) {
      return Promise.reject(failure.error);
    }
    const opening = Archive.open(folder, retention, log).then((archive) => {
      this.#failure = undefined;
      this.#timer = setInterval(() => this.#retain(archive), RETENTION_INTERVAL);
      this.#timer.unref();
      this.#retain(archive);
      return archive;
    });
    this.#opening = opening;
    opening.catch((thrown: unknown) => {
      this.#opening = undefined;
      this.#failure = { error: toFramehubError(thrown, 'STORE_FAILED'), at: performance.now() };
    });
    return opening;
  }

  async #find(id: string): Promise<{ readonly archive: Archive; readonly row: EventRow }> {
    const archive = await this.#existing();
    const number = parseIdText(id);
    const row = number === undefined ? undefined : archive?.store.get(number);
    if (archive === undefined || row === undefined) throw notFound(id);
    return { archive, row };
  }

  async #save(draft: Draft, picture: Buffer | undefined): Promise<EventRow | undefined> {
    const archive = await this.#open();
    const row = await archive.save(draft, picture);
    if (draft.id === undefined || draft.ended) this.#retain(archive);
    return row;
  }

  #saved(change: EventChange, row: EventRow): void {
    this.feed.publish({ change, event: eventOf(row) });
  }

  #retain(archive: Archive): void {
    if (this.#retaining || this.#closed) return;
    this.#retaining = true;
    archive
      .retain()
      .catch((thrown: unknown) => this.#fault(thrown))
      .finally(() => {
        this.#retaining = false;
      });
  }

  #fault(thrown: unknown): void {
    const { code, message } = toFramehubError(thrown, 'STORE_FAILED');
    this.#faults.add({ code, reason: message });
  }
}

/** In short reads, none of which stays open: a viewer who takes minutes holds up nothing. */
function* readRows(archive: Archive, filter: EventFilter, path: boolean): Generator<EventRow> {
  let before: number | undefined = Number.MAX_SAFE_INTEGER;
  while (before !== undefined) {
    const page = archive.store.page(filter, before, REPORT_BATCH, path);
    yield* page.rows;
    before = page.next;
  }
}

function notFound(id: string): FramehubError {
  return new FramehubError('EVENT_NOT_FOUND', `There is no event "${id.slice(0, 40)}".`);
}
