/** The longest time a Node.js timer can wait, ms: a longer one would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Waits `ms`, or for ever when it is Infinity. False when the signal aborted first. Leaves neither
 * a timer nor a listener.
 */
export function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const end = (waited: boolean): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      resolve(waited);
    };
    const aborted = (): void => end(false);
    const timer =
      ms === Infinity ? undefined : setTimeout(() => end(true), Math.min(ms, LONGEST_TIMER));
    signal.addEventListener('abort', aborted, { once: true });
  });
}

/**
 * Ticks at a rate: the first at once, the next on a grid that doesn't drift. A caller that is late
 * gets its tick at once, and the ones it missed are left out: they never come in a burst.
 */
export class Pace {
  readonly #interval: number;
  #next = performance.now();

  /** @param rate ticks a second, above 0. */
  constructor(rate: number) {
    this.#interval = 1000 / rate;
  }

  /** Resolves at the next tick; false when the signal aborted first. */
  async tick(signal: AbortSignal): Promise<boolean> {
    if (!(await pause(Math.max(0, this.#next - performance.now()), signal))) return false;
    // The next one is the first on the grid that is at least half an interval away.
    const late = performance.now() - this.#next;
    this.#next += this.#interval * Math.max(1, Math.ceil(late / this.#interval + 0.5));
    return true;
  }
}
