import type { Rung } from './rungs.ts';

/** How long the link is looked at before a decision, ms: long enough for a few pictures. */
const WINDOW = 250;
/** Of that time something was waiting to be taken: the link is the limit. */
const BUSY = 0.7;
/** Of that time something was waiting to be taken: there is room for more. */
const EASY = 0.4;
/** How much of the link is used: the rest keeps its queues empty. */
const USE = 0.6;
/** How long a link must be easy before a better form is tried, ms. */
const HOLD = 8_000;
/** Longest such time, after tries that failed, ms. */
const LONGEST_HOLD = 120_000;

/**
 * Chooses the form of the pictures that a link can carry: down as soon as pictures have to wait,
 * straight to a form that fits; up one step at a time, after a while of ease, and after a longer
 * while each time that did not last.
 */
export class LinkFit {
  readonly #rungs: readonly Rung[];
  #current = 0;
  #sentAt: number | undefined;
  #windowStart: number;
  #busy = 0;
  #bytes = 0;
  #taken = 0;
  /** Bytes of a picture that the camera gives, as far as the pictures sent tell. */
  #fullBytes = 0;
  #hold = HOLD;
  #easySince: number;
  #climbedAt = Number.NEGATIVE_INFINITY;
  #carries: number | undefined;

  /** @param now ms, from a clock that only goes forward, here and in every call */
  constructor(rungs: readonly Rung[], now: number) {
    this.#rungs = rungs;
    this.#windowStart = now;
    this.#easySince = now;
  }

  get rung(): Rung {
    return this.#rungs[this.#current] ?? { spec: {}, weight: 1 };
  }

  /** What the link was seen to carry when it was the limit, bytes a second. */
  get carries(): number | undefined {
    return this.#carries;
  }

  /** A picture was handed to the link. */
  sent(now: number): void {
    this.#sentAt = now;
  }

  /** The link has taken it. */
  taken(bytes: number, now: number): void {
    if (this.#sentAt !== undefined) this.#busy += now - Math.max(this.#sentAt, this.#windowStart);
    this.#sentAt = undefined;
    this.#bytes += bytes;
    this.#taken += 1;
    const full = bytes / this.rung.weight;
    this.#fullBytes = this.#fullBytes === 0 ? full : this.#fullBytes * 0.8 + full * 0.2;
  }

  /**
   * Whether another form is due; `rung` is then the new one. Call it often.
   *
   * @param fps frames a second the camera gives
   */
  decide(fps: number, now: number): boolean {
    const elapsed = now - this.#windowStart;
    if (elapsed < WINDOW || (this.#taken === 0 && elapsed < 4 * WINDOW)) return false;
    const waiting =
      this.#sentAt === undefined ? 0 : now - Math.max(this.#sentAt, this.#windowStart);
    const busy = (this.#busy + waiting) / elapsed;
    const carried = (this.#bytes / Math.max(this.#busy + waiting, 1)) * 1000;
    this.#windowStart = now;
    this.#busy = 0;
    this.#bytes = 0;
    this.#taken = 0;
    if (busy > BUSY) return this.#fall(carried, fps, now);
    if (busy > EASY) this.#easySince = now;
    return now - this.#easySince >= this.#hold && this.#climb(now);
  }

  #fall(carried: number, fps: number, now: number): boolean {
    this.#carries = carried;
    this.#easySince = now;
    if (this.#current === this.#rungs.length - 1) return false;
    if (now - this.#climbedAt < this.#hold) this.#hold = Math.min(this.#hold * 2, LONGEST_HOLD);
    const fits = this.#rungs.findIndex(
      ({ spec, weight }, index) =>
        index > this.#current &&
        this.#fullBytes * weight * Math.min(fps, spec.fps ?? fps) <= carried * USE,
    );
    this.#current = fits < 0 ? this.#rungs.length - 1 : fits;
    return true;
  }

  #climb(now: number): boolean {
    if (this.#current === 0) return false;
    this.#current -= 1;
    this.#climbedAt = now;
    this.#easySince = now;
    return true;
  }
}
