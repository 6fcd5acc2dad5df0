import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Detection } from '../../src/api/detection.ts';
import type { CameraEvent } from '../../src/api/event.ts';
import { Results } from '../../src/detection/results.ts';
import type { EventFilter } from '../../src/events/event-query.ts';
import { eventOf } from '../../src/events/event-row.ts';
import { Events, type EventsOptions } from '../../src/events/events.ts';
import { Hub } from '../../src/hub/hub.ts';

/** A camera whose pictures and results a test brings itself, and the events made of them. */
export interface EventCamera {
  readonly hub: Hub;
  readonly results: Results;
  readonly events: Events;
  readonly folder: string;
  /** The pictures there are, as ids. */
  pictures(): Promise<string[]>;
  /** Shows a picture and what is in it; the picture's bytes say its number. @returns its number */
  see(detections: readonly Detection[], capturedAt?: number): number;
  close(): Promise<void>;
}

export async function newFolder(): Promise<string> {
  return await mkdtemp(join(tmpdir(), 'framehub-events-'));
}

export function openEvents(folder: string, options: Partial<EventsOptions> = {}): Events {
  return new Events({
    folder,
    retention: { maxDays: 14, maxBytes: 1_000_000_000 },
    limits: { minResults: 3, minTime: 1_000 },
    log: pino({ level: 'silent' }),
    ...options,
  });
}

export async function eventCamera(
  options: Partial<EventsOptions> & { readonly camera?: string } = {},
): Promise<EventCamera> {
  const { camera = 'front', folder = await newFolder() } = options;
  const hub = new Hub();
  const channel = hub.open(camera, camera, () => {});
  channel.setStatus({ state: 'live', since: Date.now(), reason: 'pictures are coming' });
  const results = new Results(() => {});
  const events = openEvents(folder, options);
  events.record(channel, results);
  let seq = 0;
  return {
    hub,
    results,
    events,
    folder,
    pictures: () => picturesIn(folder),
    see: (detections, capturedAt = Date.now()) => {
      seq += 1;
      const size = { width: 64, height: 48 };
      const data = Buffer.from(`picture ${seq}`);
      const frame = {
        camera,
        seq,
        codec: 'jpeg',
        keyframe: true,
        ...size,
        data,
        capturedAt,
      } as const;
      channel.publish(frame);
      results.publish({
        ...{ camera, seq, capturedAt, ...size },
        detector: 'test',
        inferenceMs: 1,
        detections,
      });
      return seq;
    },
    close: async () => {
      await events.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** A page of events as the API gives it. */
export async function listEvents(
  events: Events,
  filter: EventFilter = {},
  cursor: string | undefined = undefined,
  limit = 500,
): Promise<{ readonly events: CameraEvent[]; readonly next: string | undefined }> {
  const { rows, next } = await events.page(filter, cursor, limit);
  return { events: rows.map(eventOf), next };
}

/** What is below `pictures`, without the folders of the days and `.jpg`. */
export async function picturesIn(folder: string): Promise<string[]> {
  const entries = await readdir(join(folder, 'pictures'), {
    recursive: true,
    withFileTypes: true,
  }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  return files.map(({ name }) => name.replace(/\.jpg$/, '')).sort();
}

/** Something at a place, as a tracker gives it. */
export function thing(trackId: number, score = 0.5, label = 'person', x = 0.1): Detection {
  return { label, score, box: { x, y: 0.2, width: 0.1, height: 0.3 }, trackId };
}
