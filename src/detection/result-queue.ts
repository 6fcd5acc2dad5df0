import type { DetectionResult } from '../api/detection.ts';

export interface QueuedResult {
  readonly result: DetectionResult;
  /** Results left out right before this one, because the client was slow. */
  readonly skipped: number;
}

/** Results on their way to one client: at most so many wait, and the oldest make room. */
export class ResultQueue {
  readonly #limit: number;
  readonly #waiting: DetectionResult[] = [];
  #skipped = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(result: DetectionResult): void {
    this.#waiting.push(result);
    if (this.#waiting.length <= this.#limit) return;
    this.#waiting.shift();
    this.#skipped += 1;
  }

  /** The oldest that still waits. */
  take(): QueuedResult | undefined {
    const result = this.#waiting.shift();
    if (result === undefined) return undefined;
    const skipped = this.#skipped;
    this.#skipped = 0;
    return { result, skipped };
  }
}
