/** Two seconds at 30 a second; more pictures, or more bytes, are let go of early. */
const MOST_PICTURES = 60;
const MOST_BYTES = 64 * 1024 * 1024;

/** What is held: encoded, for decoded pictures are twenty times as large. */
export interface Holdable {
  readonly seq: number;
  readonly data: Uint8Array;
}

/** When held pictures are due. Times are ms. */
export interface Due {
  readonly delay: number;
  /** How much longer one waits of which not all is known. */
  readonly patience: number;
  isKnown(seq: number): boolean;
}

/** Pictures held back until they are due; in order, and never more than a bounded number. */
export class HeldPictures<T extends Holdable> {
  readonly #held: { readonly picture: T; readonly at: number }[] = [];
  #bytes = 0;

  get length(): number {
    return this.#held.length;
  }

  put(picture: T, at: number): void {
    this.#held.push({ picture, at });
    this.#bytes += picture.data.length;
  }

  /**
   * The newest picture that is due; those before it are left out.
   *
   * @param tellEarly told for how long the oldest could be held, when there was no more room
   */
  take(at: number, due: Due, tellEarly: (held: number) => void): T | undefined {
    let newest: T | undefined;
    for (let oldest = this.#held[0]; oldest !== undefined; oldest = this.#held[0]) {
      const held = at - oldest.at;
      if (held < waitFor(oldest.picture.seq, due)) {
        if (this.#held.length <= MOST_PICTURES && this.#bytes <= MOST_BYTES) break;
        tellEarly(held);
      }
      this.#held.shift();
      this.#bytes -= oldest.picture.data.length;
      newest = oldest.picture;
    }
    return newest;
  }

  /** Time until the next one is due; undefined when there is none. */
  wait(at: number, due: Due): number | undefined {
    const [oldest] = this.#held;
    if (oldest === undefined) return undefined;
    return Math.max(0, oldest.at + waitFor(oldest.picture.seq, due) - at);
  }

  clear(): void {
    this.#held.length = 0;
    this.#bytes = 0;
  }
}

function waitFor(seq: number, { delay, patience, isKnown }: Due): number {
  return isKnown(seq) ? delay : delay + patience;
}
