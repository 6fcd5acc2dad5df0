import type { Detector, FoundObject } from '../../../detector.ts';
import { FramehubError } from '../../../errors.ts';
import type { Frame } from '../../../frame.ts';

/** One detector, or another where the first lacks a package that it needs. */
export class AutoDetector implements Detector {
  #used: Detector;
  readonly #other: Detector;

  constructor(first: Detector, other: Detector) {
    this.#used = first;
    this.#other = other;
  }

  get name(): string {
    return this.#used.name;
  }

  async detect(frame: Frame, signal: AbortSignal): Promise<readonly FoundObject[]> {
    const used = this.#used;
    try {
      return await used.detect(frame, signal);
    } catch (thrown) {
      const isMissing = thrown instanceof FramehubError && thrown.code === 'DETECTOR_MISSING';
      if (!isMissing || used === this.#other) throw thrown;
      this.#used = this.#other;
      await used.close();
      return await this.#other.detect(frame, signal);
    }
  }

  async close(): Promise<void> {
    await this.#used.close();
    await this.#other.close();
  }
}
