/** What stands still becomes background after about this long, ms. */
const SETTLE = 4_000;
/** What changed and stays so, such as a parked car, after about this long, ms. */
const SETTLE_CHANGED = 8_000;
/** In the first moments so, for the first picture may have been full of what moves, ms. */
const SETTLE_AT_FIRST = 1_000;
const AT_FIRST = 3_000;
/** Noise is learned over about this long, ms. */
const LEARN_NOISE = 4_000;
/** A change must be so many times the usual one of its pixel: sensors tremble, and so do leaves. */
const TIMES_NOISE = 5;

/**
 * What a camera sees when nothing moves, pixel by pixel, and how much each pixel trembles. It
 * follows the light.
 */
export class Background {
  readonly #mean: Float32Array;
  readonly #noise: Float32Array;
  #pictures = 1;
  /** Ms. */
  #age = 0;
  /** How much each pixel of the last picture differs, in thresholds: 1 and more is a change. */
  readonly strength: Float32Array;

  constructor(pixels: Uint8Array) {
    this.#mean = Float32Array.from(pixels);
    this.#noise = new Float32Array(pixels.length);
    this.strength = new Float32Array(pixels.length);
  }

  /**
   * Compares a picture, and learns from it.
   *
   * @param threshold levels of brightness (of 255) that a change takes at least
   * @param elapsed since the picture before, ms
   * @param ignored pixels that never count
   * @returns how many pixels changed
   */
  compare(
    pixels: Uint8Array,
    threshold: number,
    elapsed: number,
    ignored: Uint8Array | undefined,
  ): number {
    this.#pictures += 1;
    this.#age += elapsed;
    // At first all pictures count the same: few are better than one.
    const equal = 1 / this.#pictures;
    const still = Math.max(equal, shareOf(elapsed, SETTLE));
    const learn = Math.max(equal, shareOf(elapsed, LEARN_NOISE));
    const isFirst = this.#age < AT_FIRST;
    const changed = shareOf(elapsed, isFirst ? SETTLE_AT_FIRST : SETTLE_CHANGED);
    const { strength } = this;
    const [mean, noise] = [this.#mean, this.#noise];
    let count = 0;
    for (let at = 0; at < pixels.length; at += 1) {
      const was = mean[at] ?? 0;
      const usual = noise[at] ?? 0;
      const difference = (pixels[at] ?? 0) - was;
      const size = difference < 0 ? -difference : difference;
      const least = Math.max(usual * TIMES_NOISE, threshold);
      const isChange = size >= least && ignored?.[at] !== 1;
      if (isChange) {
        count += 1;
        strength[at] = size / least;
        mean[at] = was + difference * changed;
        // Slowly, so that what always trembles (a flag, a tree) is noise in the end.
        noise[at] = usual + (size - usual) * learn * 0.1;
      } else {
        strength[at] = 0;
        mean[at] = was + difference * still;
        noise[at] = usual + (size - usual) * learn;
      }
    }
    return count;
  }
}

function shareOf(elapsed: number, time: number): number {
  return 1 - Math.exp(-elapsed / time);
}
