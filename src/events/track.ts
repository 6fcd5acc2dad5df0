import type { Detection, DetectionResult } from '../api/detection.ts';
import type { BestPicture } from '../api/event.ts';
import type { Frame } from '../frame.ts';
import type { Draft } from './archive.ts';
import { Path } from './path.ts';

/** When a track is worth keeping. */
export interface TrackLimits {
  /** Seen in at least so many results. */
  readonly minResults: number;
  /** In view for at least so long, ms. */
  readonly minTime: number;
}

/** One thing in view: what has been seen of it so far. */
export class Track {
  readonly label: string;
  readonly #camera: string;
  readonly #detector: string;
  readonly #path = new Path();
  readonly #firstSeen: number;
  #lastSeen: number;
  #results = 0;
  #score = -1;
  #best: BestPicture | undefined;
  #picture: Buffer | undefined;
  /** Of the event made of it. */
  #id: number | undefined;
  #bytes = 0;
  #seenAt = performance.now();

  constructor(result: DetectionResult, label: string) {
    this.label = label;
    this.#camera = result.camera;
    this.#detector = result.detector;
    this.#firstSeen = result.capturedAt;
    this.#lastSeen = result.capturedAt;
  }

  /** When it was last seen, on the clock of `performance.now()`. */
  get seenAt(): number {
    return this.#seenAt;
  }

  get isEvent(): boolean {
    return this.#id !== undefined;
  }

  /** @param frame that of the result; without it, this is not where its picture comes from */
  add(result: DetectionResult, detection: Detection, frame: Frame | undefined): void {
    const { seq, capturedAt } = result;
    this.#lastSeen = Math.max(this.#lastSeen, capturedAt);
    this.#results += 1;
    this.#seenAt = performance.now();
    this.#path.add({ at: capturedAt, ...detection.box });
    if (frame === undefined || detection.score <= this.#score) return;
    const { width, height } = frame;
    this.#score = detection.score;
    this.#best = { seq, capturedAt, width, height, box: { ...detection.box } };
    this.#picture = frame.data;
  }

  /** Whether it lasted, and there is a picture of it. */
  qualifies({ minResults, minTime }: TrackLimits): boolean {
    const lasted = this.#lastSeen - this.#firstSeen >= minTime;
    return this.#best !== undefined && lasted && this.#results >= minResults;
  }

  /** What is to be kept of it now, and the picture when that is a new one. */
  take(ended: boolean): { readonly draft: Draft; readonly picture: Buffer | undefined } {
    const picture = this.#picture;
    this.#picture = undefined;
    const draft = {
      id: this.#id,
      camera: this.#camera,
      label: this.label,
      detector: this.#detector,
      firstSeen: Math.round(this.#firstSeen),
      lastSeen: Math.round(this.#lastSeen),
      ended,
      score: Math.max(0, this.#score),
      results: this.#results,
      best: JSON.stringify(this.#best),
      path: JSON.stringify(this.#path.points()),
      bytes: this.#bytes,
    };
    return { draft, picture };
  }

  /** What was taken is kept. */
  kept(id: number, bytes: number): void {
    this.#id = id;
    this.#bytes = bytes;
  }

  /** What was taken could not be kept; it is the next time, unless there is a better picture by then. */
  giveBack(picture: Buffer | undefined): void {
    this.#picture ??= picture;
  }
}
