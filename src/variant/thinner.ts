/** Lets through at most so many frames a second, evenly, by their capture times. */
export class Thinner {
  readonly #interval: number;
  #due = Number.NEGATIVE_INFINITY;

  constructor(fps: number) {
    this.#interval = 1000 / fps;
  }

  /** @param capturedAt ms since the epoch */
  admits(capturedAt: number): boolean {
    // A tenth early is on time: cameras tremble, and a frame missed for 1 ms would halve the rate.
    if (capturedAt < this.#due - this.#interval * 0.1) return false;
    const behind = capturedAt - this.#due > this.#interval;
    this.#due = (behind ? capturedAt : this.#due) + this.#interval;
    return true;
  }
}
