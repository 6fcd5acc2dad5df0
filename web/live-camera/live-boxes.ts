import type { DetectionResult } from '../../src/api/detection.ts';
import type { DrawnBoxes } from './boxes.ts';

/** Later than this is said, ms. */
const SAID_AFTER = 250;
/** Boxes this much older than the picture are gone, ms. */
const GONE_AFTER = 2_000;
/** Results whose lateness is looked at. */
const LOOKED_AT = 5;
const MOST_DETECTORS = 8;

/** Boxes drawn as soon as they are known, over a picture that is newer: they fade, and say so. */
export class LiveBoxes {
  readonly #results = new Map<string, DetectionResult>();
  #lateness: number[] = [];

  /** @param shownAt capture time of the picture on screen, ms since the epoch */
  found(result: DetectionResult, shownAt: number | undefined): void {
    const known = this.#results.get(result.detector);
    if (known !== undefined && known.seq > result.seq) return;
    this.#results.set(result.detector, result);
    const [oldest] = this.#results.keys();
    if (this.#results.size > MOST_DETECTORS && oldest !== undefined) this.#results.delete(oldest);
    if (shownAt === undefined) return;
    this.#lateness = [...this.#lateness, shownAt - result.capturedAt].slice(-LOOKED_AT);
  }

  drawn(shownAt: number): DrawnBoxes[] {
    return [...this.#results.values()].map(({ detections, capturedAt }) => ({
      detections,
      opacity: opacityAt(shownAt - capturedAt),
    }));
  }

  /** How late boxes are against the picture, ms; undefined when nobody would notice. */
  lateness(shownAt: number): number | undefined {
    const newest = Math.max(...[...this.#results.values()].map(({ capturedAt }) => capturedAt));
    const now = shownAt - newest;
    if (!Number.isFinite(now) || now >= GONE_AFTER) return undefined;
    const usual = this.#lateness.toSorted((a, b) => a - b)[this.#lateness.length >> 1] ?? 0;
    // Between two results boxes grow older: that is no news before it lasts.
    const late = now > 1_000 ? now : usual;
    return late > SAID_AFTER ? late : undefined;
  }

  clear(): void {
    this.#results.clear();
    this.#lateness = [];
  }
}

/** In full as long as it can't be noticed, then less and less. */
function opacityAt(late: number): number {
  if (late <= SAID_AFTER) return 1;
  return Math.max(0, 1 - (late - SAID_AFTER) / (GONE_AFTER - SAID_AFTER));
}
