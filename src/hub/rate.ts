/** Weight of the newest interval: half of a change shows after about seven events. */
const NEWEST = 0.1;

/** How often something happens, without keeping its history. */
export class Rate {
  #last = 0;
  #interval = 0;
  #count = 0;

  /** @param now ms, from a clock that only goes forward */
  tick(now: number): void {
    const interval = now - this.#last;
    this.#last = now;
    this.#count += 1;
    if (this.#count === 2) this.#interval = interval;
    else if (this.#count > 2) this.#interval += (interval - this.#interval) * NEWEST;
  }

  /** Events per second; falls by itself when nothing happens any more. */
  perSecond(now: number): number {
    if (this.#count < 2) return 0;
    const silence = now - this.#last;
    const interval = silence > 2 * this.#interval ? silence : this.#interval;
    return interval > 0 ? 1000 / interval : 0;
  }
}
