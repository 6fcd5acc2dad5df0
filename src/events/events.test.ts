import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type EventCamera,
  eventCamera,
  listEvents,
  newFolder,
  openEvents,
  picturesIn,
  thing,
} from '../../test/support/event-camera.ts';
import { until } from '../../test/support/until.ts';
import type { NumberedNotice } from '../api/event.ts';
import { FramehubError } from '../errors.ts';
import type { EventFilter } from './event-query.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function setup(options: Parameters<typeof eventCamera>[0] = {}) {
  const camera = await eventCamera(options);
  closing.push(camera.close);
  const notices: NumberedNotice[] = [];
  camera.events.feed.subscribe((notice) => notices.push(notice));
  const told = (change: string) =>
    until(`"${change}"`, () => notices.find((notice) => notice.change === change));
  return { ...camera, notices, told };
}

/** Seen often enough, over two seconds of its own time. */
function stay(camera: Pick<EventCamera, 'see'>, scores: readonly number[], trackId = 1): number {
  const start = Date.now() - 10_000;
  for (const [index, score] of scores.entries()) {
    camera.see([thing(trackId, score)], start + (index * 2_000) / (scores.length - 1));
  }
  return start;
}

describe('recording', () => {
  it('makes an event of a track that lasts, with the picture of its best score', async () => {
    const camera = await setup();
    const start = stay(camera, [0.4, 0.9, 0.5]);
    const { event } = await camera.told('started');
    expect(event).toMatchObject({
      ...{ camera: 'front', label: 'person', detector: 'test', score: 0.9, results: 3 },
      ...{ firstSeen: start, lastSeen: start + 2_000, ended: false },
      best: { seq: 2, capturedAt: start + 1_000, width: 64, height: 48, box: { x: 0.1 } },
    });
    expect(event.path.map(({ at }) => at - start)).toEqual([0, 1_000, 2_000]);
    const { path } = await camera.events.picture(event.id);
    expect(await readFile(path, 'utf8')).toBe('picture 2');
    expect(path).toContain(new Date(start).toISOString().slice(0, 10));
    expect(await camera.events.get(event.id)).toEqual(event);
  });

  it('leaves out what is seen too rarely, too short, or without a track', async () => {
    const camera = await setup();
    const now = Date.now();
    for (const at of [0, 1_500]) camera.see([thing(1)], now + at);
    for (const at of [0, 300, 600, 900]) camera.see([thing(2)], now + at);
    for (const at of [0, 600, 1_200]) {
      camera.see([{ label: 'cat', score: 1, box: { x: 0, y: 0, width: 1, height: 1 } }], now + at);
    }
    stay(camera, [0.5, 0.5, 0.5], 3);
    await camera.told('started');
    await camera.events.close();
    expect(camera.notices.map(({ change }) => change)).toEqual(['started', 'ended']);
    expect(await camera.pictures()).toHaveLength(1);
  });

  it('ends an event some seconds after it was last seen, and gives it a better picture', async () => {
    const camera = await setup();
    stay(camera, [0.4, 0.4, 0.4]);
    const { event } = await camera.told('started');
    const better = camera.see([thing(1, 0.8)]);
    const { event: ended } = await camera.told('ended');
    expect(ended).toMatchObject({ id: event.id, ended: true, score: 0.8, results: 4 });
    const { path } = await camera.events.picture(event.id);
    expect(await readFile(path, 'utf8')).toBe(`picture ${better}`);
    expect(await camera.pictures()).toEqual([event.id]);
  });

  it('writes a lasting event at most every two seconds', async () => {
    const camera = await setup();
    stay(camera, [0.5, 0.5, 0.5]);
    await camera.told('started');
    for (let round = 0; round < 30; round += 1) {
      camera.see([thing(1, 0.5 + round / 100)]);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(camera.notices).toHaveLength(1);
  });

  it('keeps the way of what stays for long at 64 places, from the first to the last', async () => {
    const camera = await setup();
    const start = Date.now() - 3_600_000;
    for (let n = 0; n <= 10_000; n += 1)
      camera.see([thing(1, 0.5, 'person', n / 20_000)], start + n);
    await camera.events.close();
    const path = camera.notices.at(-1)?.event.path ?? [];
    expect(path.length).toBeGreaterThan(30);
    expect(path.length).toBeLessThanOrEqual(64);
    expect(path[0]).toMatchObject({ at: start, x: 0 });
    expect(path.at(-1)).toMatchObject({ at: start + 10_000, x: 0.5 });
  });

  it('ends what is in view when it closes, and when the camera is removed', async () => {
    const camera = await setup();
    stay(camera, [0.5, 0.5, 0.5]);
    await camera.told('started');
    camera.hub.close('front', new FramehubError('CAMERA_NOT_FOUND', 'removed'));
    expect((await camera.told('ended')).event.ended).toBe(true);
    expect(camera.results.demand).toBe(0);
    expect((await camera.events.report()).cameras).toEqual([]);
  });

  it('takes no picture of another frame: without that of the result there is no event', async () => {
    const camera = await setup();
    const start = Date.now();
    for (const [index, at] of [0, 700, 1_400].entries()) {
      camera.results.publish({
        ...{ camera: 'front', seq: 900 + index, capturedAt: start + at, width: 64, height: 48 },
        ...{ detector: 'test', inferenceMs: 1, detections: [thing(1)] },
      });
    }
    const { cameras } = await camera.events.report();
    expect(cameras).toEqual([
      { id: 'front', inView: 1, recorded: 0, withoutPicture: 3, dropped: 0 },
    ]);
  });

  it('goes on when the store fails, and keeps what is still in view once it works', async () => {
    const folder = await newFolder();
    await rm(folder, { recursive: true });
    await writeFile(folder, 'no folder');
    const camera = await setup({ folder });
    stay(camera, [0.5, 0.5, 0.5]);
    await until('the fault', async () => (await camera.events.report()).store === 'failed');
    await rm(folder);
    await mkdir(folder);
    await until('an event', () => camera.see([thing(1)]) && camera.notices.length > 0, 15_000);
    expect(await camera.events.report()).toMatchObject({ store: 'open', events: 1 });
  }, 20_000);
});

describe('reading', () => {
  async function filled(count: number, options: Parameters<typeof eventCamera>[0] = {}) {
    const camera = await setup({ limits: { minResults: 1, minTime: 0 }, ...options });
    const start = Date.UTC(2026, 0, 1);
    for (let n = 0; n < count; n += 1) {
      const label = n % 2 === 0 ? 'person' : 'car';
      camera.see([thing(n, n / count, label)], start + n * 1_000);
    }
    await until('all of them', () => camera.notices.length >= count);
    return { ...camera, start };
  }
  const never = { maxDays: 36_500, maxBytes: 1e12 };

  it('gives pages, newest first, that hold every event once while new ones come', async () => {
    const camera = await filled(50, { retention: never });
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await listEvents(camera.events, {}, cursor, 7);
      seen.push(...page.events.map(({ best }) => best.seq));
      cursor = page.next;
      camera.see([thing(1_000 + seen.length)]);
    } while (cursor !== undefined);
    expect(seen).toEqual(Array.from({ length: 50 }, (_, index) => 50 - index));
  });

  it('finds by camera, label, time and score, alone and together', async () => {
    const { events, start } = await filled(40, { retention: never });
    const find = async (filter: EventFilter) =>
      (await listEvents(events, filter)).events.map(({ best }) => best.seq - 1).reverse();
    const all = Array.from({ length: 40 }, (_, n) => n);
    expect(await find({})).toEqual(all);
    expect(await find({ camera: 'back' })).toEqual([]);
    expect(await find({ label: 'car' })).toEqual(all.filter((n) => n % 2 === 1));
    expect(await find({ from: start + 5_000, to: start + 8_000 })).toEqual([5, 6, 7]);
    expect(await find({ minScore: 0.9 })).toEqual([36, 37, 38, 39]);
    const both = { camera: 'front', label: 'person', from: start + 30_000, minScore: 0.8 };
    expect(await find(both)).toEqual([32, 34, 36, 38]);
  });

  it('gives every row to a report, with the same filters', async () => {
    const { events } = await filled(200, { retention: never });
    const rows = [...(await events.rows({ label: 'car', minScore: 0.5 }, false))];
    expect(rows).toHaveLength(50);
    expect(rows[0]).toMatchObject({ label: 'car', path: '' });
  });

  it('refuses a cursor that is none, and knows no event that is not there', async () => {
    const camera = await setup();
    await expect(camera.events.page({}, '../../x', 5)).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
    });
    for (const id of ['hq0000000a', '', '..', 'HQ0000000A', '0hq']) {
      await expect(camera.events.get(id)).rejects.toMatchObject({ code: 'EVENT_NOT_FOUND' });
    }
  });

  it('removes an event with its picture', async () => {
    const camera = await setup();
    stay(camera, [0.5, 0.5, 0.5]);
    const { event } = await camera.told('started');
    await camera.events.remove(event.id);
    await expect(camera.events.get(event.id)).rejects.toMatchObject({ code: 'EVENT_NOT_FOUND' });
    expect(await camera.pictures()).toEqual([]);
    expect(await camera.events.report()).toMatchObject({ events: 0, bytes: 0 });
  });

  it('makes nothing on the disk where nothing was recorded', async () => {
    const folder = await newFolder();
    const events = openEvents(join(folder, 'none'));
    expect(await events.page({}, undefined, 10)).toEqual({ rows: [] });
    expect((await events.report()).store).toBe('empty');
    await events.close();
    await expect(readFile(join(folder, 'none', 'events.db'))).rejects.toThrow();
    await rm(folder, { recursive: true });
  });
});

describe('keeping', () => {
  const quick = { limits: { minResults: 1, minTime: 0 } };

  it('removes what is too old, pictures and folders included', async () => {
    const camera = await setup({ ...quick, retention: { maxDays: 99, maxBytes: 1e9 } });
    const day = 86_400_000;
    camera.see([thing(1)], Date.now() - 11 * day);
    const young = camera.see([thing(2)], Date.now() - 9 * day);
    await until('two', () => camera.notices.length === 2);
    await camera.events.close();
    const again = openEvents(camera.folder, { retention: { maxDays: 10, maxBytes: 1e9 } });
    closing.push(() => again.close());
    await until('one', async () => (await listEvents(again)).events.length === 1);
    expect((await listEvents(again)).events[0]?.best.seq).toBe(young);
    await until('its picture gone', async () => (await picturesIn(camera.folder)).length === 1);
    await until('the count', async () => (await again.report()).removed.byAge === 1);
  });

  it('keeps to its bytes by removing the oldest', async () => {
    // A thing of one result has a path of about 80 bytes and a picture of about 10.
    const camera = await setup({ ...quick, retention: { maxDays: 10, maxBytes: 1_000 } });
    for (let n = 1; n <= 40; n += 1) camera.see([thing(n)]);
    const ends = () => camera.notices.filter(({ change }) => change === 'ended');
    await until('all to have ended', () => ends().length === 40);
    const state = await until('room', async () => {
      const report = await camera.events.report();
      return report.bytes <= 1_000 && report.removed.bySize > 0 ? report : undefined;
    });
    const { events } = await listEvents(camera.events);
    expect(events).toHaveLength(state.events);
    expect(state.events).toBeGreaterThan(5);
    expect(events[0]?.best.seq).toBe(40);
    const kept = events.map(({ id }) => id).reverse();
    await until('their pictures', async () => `${await camera.pictures()}` === `${kept}`);
  });

  it('after a crash removes drafts and pictures of no event, and ends what was in view', async () => {
    const camera = await setup(quick);
    camera.see([thing(1)]);
    const { event } = await camera.told('started');
    await camera.events.close();
    const day = new Date(event.firstSeen).toISOString().slice(0, 10);
    const folder = join(camera.folder, 'pictures', day);
    await writeFile(join(folder, 'hq00000000.jpg'), 'left over');
    await writeFile(join(folder, `${event.id}.tmp`), 'half');
    await mkdir(join(camera.folder, 'pictures', '2001-01-01'));
    await writeFile(join(camera.folder, 'pictures', '2001-01-01', 'x.tmp'), 'half');

    const again = openEvents(camera.folder);
    closing.push(() => again.close());
    expect((await listEvents(again)).events).toMatchObject([{ id: event.id, ended: true }]);
    expect(await picturesIn(camera.folder)).toEqual([event.id]);
  });

  it('belongs to one framehub at a time', async () => {
    const camera = await setup(quick);
    camera.see([thing(1)]);
    await camera.told('started');
    const other = openEvents(camera.folder);
    await expect(other.page({}, undefined, 1)).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining('Another framehub uses'),
    });
    await other.close();
    await camera.events.close();
    const next = openEvents(camera.folder);
    expect((await listEvents(next)).events).toHaveLength(1);
    await next.close();
  });
});
