import type { DetectionResult } from '../api/detection.ts';

/** Results kept for those who come back after a break: half a minute at 5 a second. */
const KEPT = 150;

/** Called synchronously with each result: it must not block or throw. */
export type ResultSink = (result: DetectionResult) => void;

/**
 * The results of one camera, for everyone who wants them. Results are small, so nobody skips any;
 * whoever sends them on bounds what waits.
 */
export class Results {
  readonly #sinks = new Set<ResultSink>();
  readonly #kept: DetectionResult[] = [];
  readonly #onDemand: (sinks: number) => void;

  /** @param onDemand told how many want results whenever that changes */
  constructor(onDemand: (sinks: number) => void) {
    this.#onDemand = onDemand;
  }

  get latest(): DetectionResult | undefined {
    return this.#kept.at(-1);
  }

  /** How many want results. */
  get demand(): number {
    return this.#sinks.size;
  }

  publish(result: DetectionResult): void {
    this.#kept.push(result);
    if (this.#kept.length > KEPT) this.#kept.shift();
    for (const sink of this.#sinks) sink(result);
  }

  /** Results still kept of frames after `seq`, in order. */
  since(seq: number): readonly DetectionResult[] {
    return this.#kept.filter((result) => result.seq > seq);
  }

  /** The kept result of this frame. */
  of(seq: number): DetectionResult | undefined {
    return this.#kept.findLast((result) => result.seq === seq);
  }

  /** @returns a function that ends it; safe to call twice */
  subscribe(sink: ResultSink): () => void {
    // Of its own, so that subscribing one function twice is two subscriptions.
    const own: ResultSink = (result) => sink(result);
    this.#sinks.add(own);
    this.#onDemand(this.#sinks.size);
    return () => {
      if (this.#sinks.delete(own)) this.#onDemand(this.#sinks.size);
    };
  }
}
