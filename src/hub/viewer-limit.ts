import type { Log } from '../log.ts';

/** Someone on the network who watches, whichever way. */
export interface LimitedViewer {
  /** When it last showed that it still takes pictures; clock of `performance.now()`. */
  readonly lastActive: number;
  /** Ends it, because someone else needs its place. */
  evict(): void;
}

/**
 * Bounds how many watch at a time. Refusing the newest would lock out whoever reloads the page, so
 * the stalest makes room.
 */
export class ViewerLimit {
  readonly #max: number;
  readonly #log: Log;
  readonly #viewers = new Set<LimitedViewer>();

  constructor(max: number, log: Log) {
    this.#max = max;
    this.#log = log;
  }

  enter(viewer: LimitedViewer): void {
    if (this.#viewers.size >= this.#max) this.#evictStalest();
    this.#viewers.add(viewer);
  }

  /** Safe to call twice. */
  leave(viewer: LimitedViewer): void {
    this.#viewers.delete(viewer);
  }

  #evictStalest(): void {
    let stalest: LimitedViewer | undefined;
    for (const viewer of this.#viewers) {
      if (stalest === undefined || viewer.lastActive < stalest.lastActive) stalest = viewer;
    }
    if (stalest === undefined) return;
    this.#log.warn({ viewers: this.#viewers.size }, 'viewer limit reached, the stalest was ended');
    // It may take its time to go; its place is free now.
    this.#viewers.delete(stalest);
    stalest.evict();
  }
}
