import { setTimeout } from 'node:timers/promises';
import type { DetectionResult } from '../api/detection.ts';
import type { EventChange } from '../api/event.ts';
import type { Results } from '../detection/results.ts';
import { toFramehubError } from '../errors.ts';
import type { Channel } from '../hub/channel.ts';
import { FaultLog, type Log } from '../log.ts';
import type { Draft } from './archive.ts';
import type { EventRow } from './event-row.ts';
import { FrameRing } from './frame-ring.ts';
import { Track, type TrackLimits } from './track.ts';

/** A track that was not seen for this long has ended, ms. */
const GONE_AFTER = 3_000;
/** How often is looked for those, ms. */
const LOOK_INTERVAL = 500;
/** An event is written at most this often while it lasts, ms. */
const WRITE_INTERVAL = 2_000;
/** The end of an event is tried to be written so often, with this much between, ms. */
const END_TRIES = 3;
const END_WAIT = 300;
/** Things in view at a time; what is beyond is left out and counted. */
const MAX_TRACKS = 256;

export interface RecorderOptions {
  readonly channel: Channel;
  readonly results: Results;
  readonly limits: TrackLimits;
  readonly log: Log;
  /** Keeps it; undefined when it was removed meanwhile. */
  save(draft: Draft, picture: Buffer | undefined): Promise<EventRow | undefined>;
  saved(change: EventChange, row: EventRow): void;
}

interface InView {
  readonly track: Track;
  /** The write that is under way, or the last one. */
  writing: Promise<void> | undefined;
  writtenAt: number;
}

/** Makes events of the tracks of one camera. Wanting its results keeps the detector running. */
export class Recorder {
  readonly camera: string;
  readonly #options: RecorderOptions;
  readonly #ring: FrameRing;
  readonly #inView = new Map<string, InView>();
  readonly #ending = new Set<Promise<void>>();
  readonly #faults: FaultLog;
  readonly #unsubscribe: () => void;
  #timer: NodeJS.Timeout | undefined;
  #recorded = 0;
  #withoutPicture = 0;
  #dropped = 0;

  /** @param onEnd told when the camera was removed */
  constructor(options: RecorderOptions, onEnd: () => void) {
    this.#options = options;
    this.camera = options.channel.camera;
    this.#faults = new FaultLog(options.log, 'event not recorded');
    this.#ring = new FrameRing(options.channel, onEnd);
    this.#unsubscribe = options.results.subscribe((result) => this.#take(result));
  }

  report() {
    return {
      id: this.camera,
      inView: this.#inView.size,
      recorded: this.#recorded,
      withoutPicture: this.#withoutPicture,
      dropped: this.#dropped,
    };
  }

  /** Ends what is in view, and resolves when it is written. */
  async close(): Promise<void> {
    this.#unsubscribe();
    this.#ring.close();
    clearInterval(this.#timer);
    for (const key of [...this.#inView.keys()]) this.#end(key);
    await Promise.all(this.#ending);
  }

  #take(result: DetectionResult): void {
    const tracked = result.detections.filter(({ trackId }) => trackId !== undefined);
    if (tracked.length === 0) return;
    const frame = this.#ring.find(result.seq);
    if (frame === undefined) this.#withoutPicture += 1;
    for (const detection of tracked) {
      const key = `${detection.trackId} ${detection.label}`;
      const seen = this.#inView.get(key) ?? this.#begin(key, result, detection.label);
      if (seen === undefined) continue;
      seen.track.add(result, detection, frame);
      this.#writeIfDue(seen);
    }
  }

  #begin(key: string, result: DetectionResult, label: string): InView | undefined {
    if (this.#inView.size >= MAX_TRACKS) {
      this.#dropped += 1;
      return undefined;
    }
    const track = new Track(result, label);
    const seen: InView = { track, writing: undefined, writtenAt: Number.NEGATIVE_INFINITY };
    this.#inView.set(key, seen);
    this.#timer ??= setInterval(() => this.#look(), LOOK_INTERVAL);
    return seen;
  }

  #look(): void {
    const gone = performance.now() - GONE_AFTER;
    for (const [key, { track }] of this.#inView) if (track.seenAt < gone) this.#end(key);
    if (this.#inView.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #end(key: string): void {
    const seen = this.#inView.get(key);
    this.#inView.delete(key);
    if (seen === undefined) return;
    // After the write that is under way, whose outcome says whether there is an event to end.
    const ended = (seen.writing ?? Promise.resolve()).then(() => this.#finish(seen));
    this.#ending.add(ended);
    ended.finally(() => this.#ending.delete(ended));
  }

  /** Nothing comes after this that would write it. */
  async #finish(seen: InView): Promise<void> {
    const { track } = seen;
    if (!track.isEvent && !track.qualifies(this.#options.limits)) return;
    for (let attempt = 1; attempt <= END_TRIES; attempt += 1) {
      if (attempt > 1) await setTimeout(END_WAIT);
      const begun = track.isEvent || (await this.#write(seen, false));
      if (begun && (await this.#write(seen, true))) return;
    }
  }

  #writeIfDue(seen: InView): void {
    const { track, writing, writtenAt } = seen;
    const now = performance.now();
    if (writing !== undefined || now - writtenAt < WRITE_INTERVAL) return;
    if (!track.isEvent && !track.qualifies(this.#options.limits)) return;
    seen.writtenAt = now;
    seen.writing = this.#write(seen, false).then(() => {
      seen.writing = undefined;
    });
  }

  /** Never rejects. @returns false when it has to be tried again */
  async #write({ track }: InView, ended: boolean): Promise<boolean> {
    const isNew = !track.isEvent;
    const { draft, picture } = track.take(ended);
    try {
      const row = await this.#options.save(draft, picture);
      if (row === undefined) return true;
      track.kept(row.id, row.bytes);
      if (isNew) this.#recorded += 1;
      this.#options.saved(isNew ? 'started' : ended ? 'ended' : 'updated', row);
      return true;
    } catch (thrown) {
      track.giveBack(picture);
      const { code, message } = toFramehubError(thrown, 'STORE_FAILED');
      this.#faults.add({ camera: this.camera, code, reason: message });
      return false;
    }
  }
}
