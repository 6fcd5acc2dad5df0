/** Results the lag is taken from: six seconds at 5 a second. */
const REMEMBERED = 30;
/** Pictures whose results may still come: four seconds at 60 a second. */
export const MOST_ARRIVALS = 240;
/** Of the results come sooner than the lag. */
const SHARE = 0.9;
/** After this much silence, or three times the usual, a detector is taken to have ended, ms. */
const SILENCE = 4_000;

export interface Arrival {
  readonly seq: number;
  /** Ms. */
  readonly at: number;
}

/** How late the results of one detector are, from when pictures and results come. Times are ms. */
export class Lag {
  readonly #pending: Arrival[];
  readonly #own: number[] = [];
  readonly #longest: number[] = [];
  readonly #intervals: number[] = [];
  #last: Arrival | undefined;

  /** @param arrivals of pictures before this detector was known */
  constructor(arrivals: readonly Arrival[]) {
    this.#pending = [...arrivals];
  }

  frameArrived(arrival: Arrival): void {
    keep(this.#pending, arrival, MOST_ARRIVALS);
  }

  resultArrived(seq: number, at: number): void {
    const last = this.#last;
    // One that was overtaken by another says nothing new.
    if (last !== undefined && seq <= last.seq) return;
    const answered = this.#pending.filter((frame) => frame.seq <= seq);
    this.#pending.splice(0, answered.length);
    this.#last = { seq, at };
    const own = answered.at(-1);
    if (own !== undefined) keep(this.#own, at - own.at, REMEMBERED);
    // What came before the first result, or into a silence, waited for no result.
    if (last === undefined || this.#isSilent(last.at, at)) return;
    keep(this.#intervals, at - last.at, REMEMBERED);
    const [first] = answered;
    if (first !== undefined) keep(this.#longest, at - first.at, REMEMBERED);
  }

  /** How long after a picture the result of that picture comes; undefined: not known. */
  get own(): number | undefined {
    return quantile(this.#own);
  }

  /** How long after any picture a result of it or of a later one comes; undefined: not known. */
  get any(): number | undefined {
    return quantile(this.#longest);
  }

  /** Time between two results. */
  get interval(): number {
    return quantile(this.#intervals) ?? 0;
  }

  isActive(at: number): boolean {
    return this.#last !== undefined && !this.#isSilent(this.#last.at, at);
  }

  #isSilent(from: number, to: number): boolean {
    return to - from > Math.max(SILENCE, 3 * this.interval);
  }
}

/** Adds to a list that keeps the last `most`. */
export function keep<T>(list: T[], value: T, most: number): void {
  list.push(value);
  if (list.length > most) list.shift();
}

function quantile(list: readonly number[]): number | undefined {
  const sorted = list.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * SHARE))];
}
