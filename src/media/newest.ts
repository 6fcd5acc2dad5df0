/** Hands things from a fast giver to a slower taker: at most one waits, and the newest wins. */
export class Newest<T> {
  #waiting: { readonly value: T } | undefined;
  #ended = false;
  #wake: (() => void) | undefined;

  /** Takes the place of one that nobody took yet. */
  put(value: T): void {
    this.#waiting = { value };
    this.#wake?.();
  }

  /** No more will come; what waits can still be taken. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** The next one; undefined after the end. One taker at a time. */
  async take(): Promise<T | undefined> {
    if (this.#waiting === undefined && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    const taken = this.#waiting?.value;
    this.#waiting = undefined;
    return taken;
  }
}
