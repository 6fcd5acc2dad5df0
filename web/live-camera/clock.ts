/** How far two quartz clocks may drift apart, with a wide margin: 1 ms per second. */
const DRIFT = 0.001;

/**
 * The server's clock, as seen from here. Each exchange bounds the offset by half its round trip;
 * the tightest bound is kept, loosened as it ages, and dropped when a newer one contradicts it
 * (the server's clock was set).
 */
export class Clock {
  #best: { offset: number; error: number; at: number } | undefined;
  readonly #time: () => number;

  /** @param time a clock that never jumps, ms */
  constructor(time: () => number = () => performance.now()) {
    this.#time = time;
  }

  /** Local time for `note`, ms since anything. */
  time(): number {
    return this.#time();
  }

  /** The server said `serverNow` some time between `sentAt` and `receivedAt`. */
  note(sentAt: number, receivedAt: number, serverNow: number): void {
    const error = (receivedAt - sentAt) / 2;
    const offset = serverNow - (sentAt + receivedAt) / 2;
    const best = this.#best;
    if (best !== undefined) {
      const aged = best.error + (receivedAt - best.at) * DRIFT;
      const contradicts = Math.abs(offset - best.offset) > error + aged;
      if (error > aged && !contradicts) return;
    }
    this.#best = { offset, error, at: receivedAt };
  }

  /** The server's clock, ms since the epoch; this machine's until something was noted. */
  now(): number {
    return this.#best === undefined ? Date.now() : this.#time() + this.#best.offset;
  }
}
