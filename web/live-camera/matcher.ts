import type { Detection, DetectionResult } from '../../src/api/detection.ts';
import { between } from './between.ts';
import { type Arrival, keep, Lag, MOST_ARRIVALS } from './lag.ts';

/** Longest time pictures are held back, ms. */
export const LONGEST_HOLD = 2_000;
/** Time for a result to be drawn after it came, ms. */
const MARGIN = 20;
/** A picture whose result is not there in time waits for it once more as long, at most, ms. */
const PATIENCE = 500;
/** Playback never runs faster or slower than this while the delay changes. */
const GROW = 0.5;
const SHRINK = 0.15;
/** Results of a detector that are kept, and detectors. */
const MOST_RESULTS = 64;
const MOST_DETECTORS = 8;
/** Results further apart belong to different scenes, ms. */
const LONGEST_GAP = 3_000;

interface Known {
  readonly result: DetectionResult;
  /** It came after its picture had been shown. */
  readonly late: boolean;
}

interface Detector {
  readonly lag: Lag;
  /** In the order of their frames. */
  readonly known: Known[];
}

/**
 * How the results of a detector can be shown with their pictures: `between` when pictures are held
 * until the next result, so that boxes move with them; `own` when that would take too long, so
 * that boxes stay where they were last found; `late` when even that takes too long.
 */
type Way = 'unknown' | 'between' | 'own' | 'late';

/** Says how long pictures must be held so that they can be shown with their boxes, and with which. */
export class Matcher {
  readonly #detectors = new Map<string, Detector>();
  readonly #arrivals: Arrival[] = [];
  #longest = LONGEST_HOLD;
  #delay = 0;
  #delayAt = 0;
  #shown = 0;

  frameArrived(seq: number, at: number): void {
    keep(this.#arrivals, { seq, at }, MOST_ARRIVALS);
    for (const { lag } of this.#detectors.values()) lag.frameArrived({ seq, at });
  }

  resultArrived(result: DetectionResult, at: number): void {
    const { lag, known } = this.#detectorOf(result.detector);
    lag.resultArrived(result.seq, at);
    known.push({ result, late: result.seq < this.#shown });
    known.sort((one, other) => one.result.seq - other.result.seq);
    if (known.length > MOST_RESULTS) known.shift();
    this.#longest = Math.min(LONGEST_HOLD, this.#longest * 1.01);
  }

  /** There was no room to hold a picture for longer than this, ms. */
  limit(longest: number): void {
    this.#longest = Math.min(this.#longest, Math.max(100, longest));
  }

  /** How long pictures are held now, ms. Changes slowly, except from nothing. */
  delay(at: number): number {
    const target = this.#target(at);
    const passed = at - this.#delayAt;
    this.#delayAt = at;
    if (this.#delay === 0) this.#delay = target;
    else if (target > this.#delay) this.#delay = Math.min(target, this.#delay + passed * GROW);
    else this.#delay = Math.max(target, this.#delay - passed * SHRINK);
    return this.#delay;
  }

  /** How much longer than that a picture may wait for its result, ms. */
  get patience(): number {
    return Math.min(PATIENCE, this.#delay / 2);
  }

  /** All that will be known of this frame is known. */
  isKnown(seq: number, at: number): boolean {
    for (const { lag, known } of this.#detectors.values()) {
      const newest = known.at(-1)?.result.seq ?? 0;
      if (newest < seq && this.#way(lag, at) === 'between') return false;
    }
    return true;
  }

  /**
   * What is in this frame, and in no other; undefined when results come too late to tell. It is
   * shown now.
   */
  boxes(seq: number, capturedAt: number, at: number): readonly Detection[] | undefined {
    this.#shown = Math.max(this.#shown, seq);
    const found: Detection[] = [];
    let late = 0;
    let active = 0;
    for (const { lag, known } of this.#detectors.values()) {
      const way = this.#way(lag, at);
      if (way !== 'unknown') active += 1;
      if (way === 'between') found.push(...boxesBetween(known, seq, capturedAt));
      else if (way === 'own') found.push(...boxesBefore(known, seq, capturedAt, lag.interval));
      else if (way === 'late') late += 1;
    }
    return active > 0 && late === active ? undefined : found;
  }

  #detectorOf(name: string): Detector {
    const detector = this.#detectors.get(name) ?? { lag: new Lag(this.#arrivals), known: [] };
    this.#detectors.set(name, detector);
    const [oldest] = this.#detectors.keys();
    if (this.#detectors.size > MOST_DETECTORS && oldest !== undefined) {
      this.#detectors.delete(oldest);
    }
    return detector;
  }

  #target(at: number): number {
    let target = 0;
    for (const { lag } of this.#detectors.values()) {
      const way = this.#way(lag, at);
      if (way === 'between') target = Math.max(target, (lag.any ?? 0) + MARGIN);
      else if (way === 'own') target = Math.max(target, (lag.own ?? 0) + MARGIN);
    }
    return target;
  }

  #way(lag: Lag, at: number): Way {
    const { own, any } = lag;
    if (own === undefined || any === undefined || !lag.isActive(at)) return 'unknown';
    if (any + MARGIN <= this.#longest) return 'between';
    return own + MARGIN <= this.#longest ? 'own' : 'late';
  }
}

function boxesBetween(
  known: readonly Known[],
  seq: number,
  capturedAt: number,
): readonly Detection[] {
  const before = known.findLast(({ result }) => result.seq <= seq)?.result;
  if (before === undefined || before.seq === seq) return before?.detections ?? [];
  const after = known.find(({ result }) => result.seq > seq)?.result;
  if (after === undefined) return [];
  const gap = after.capturedAt - before.capturedAt;
  if (gap <= 0 || gap > LONGEST_GAP) return [];
  return between(before.detections, after.detections, (capturedAt - before.capturedAt) / gap);
}

/** Those of its own result, or of the last one before it that was there in time. */
function boxesBefore(
  known: readonly Known[],
  seq: number,
  capturedAt: number,
  interval: number,
): readonly Detection[] {
  const before = known.findLast(({ result, late }) => result.seq <= seq && !late)?.result;
  if (before === undefined) return [];
  const age = capturedAt - before.capturedAt;
  return age <= Math.max(1_000, 2 * interval) ? before.detections : [];
}
