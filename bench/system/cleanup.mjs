// @ts-check

/** What must be undone however the run ends, last things first. */
export class Cleanup {
  /** @type {Set<() => Promise<void> | void>} */
  #undo = new Set();
  /** @type {Promise<void> | undefined} */
  #running;

  /**
   * @param {() => Promise<void> | void} undo  may be called once
   * @returns {() => Promise<void>} undoes it now
   */
  add(undo) {
    this.#undo.add(undo);
    // Whatever is begun after the end is ended at once.
    if (this.#running !== undefined) this.#running = this.#running.then(() => this.#undoAll());
    return async () => {
      if (this.#undo.delete(undo)) await undo();
    };
  }

  /** Undoes everything; what fails is told and does not keep the rest from being undone. */
  run() {
    this.#running ??= this.#undoAll();
    return this.#running;
  }

  async #undoAll() {
    for (const undo of [...this.#undo].reverse()) {
      this.#undo.delete(undo);
      try {
        await undo();
      } catch (error) {
        console.error('bench: not cleaned up:', error);
      }
    }
  }
}
