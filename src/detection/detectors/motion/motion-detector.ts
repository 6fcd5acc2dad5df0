import type { Detector, FoundObject } from '../../../detector.ts';
import { toFramehubError } from '../../../errors.ts';
import type { Frame } from '../../../frame.ts';
import { type Pixels, smallLuma } from '../../../media/pixels.ts';
import type { Polygon } from '../../../settings/detect.ts';
import { Background } from './background.ts';
import { maskOf } from './mask.ts';
import { findRegions, type Region } from './regions.ts';

/** The picture is made at most so small: a person far away is then ten pixels high. */
const LEAST_WIDTH = 120;
/** When so much of the picture changes at once, it was the light or the camera. */
const ALL_OF_IT = 0.6;
/** A picture after a longer pause says nothing about what moved, ms. */
const LONGEST_PAUSE = 10_000;
/** Regions told of one picture, the largest first. */
const MOST_REGIONS = 20;

export interface MotionOptions {
  /** 1 sees large changes only, 100 the smallest. */
  readonly sensitivity: number;
  /** Areas that are not looked at. */
  readonly mask: readonly Polygon[];
}

interface Scene {
  readonly width: number;
  readonly height: number;
  readonly background: Background;
  readonly ignored: Uint8Array | undefined;
  capturedAt: number;
}

/** Finds what moves, by the difference to what the camera sees when nothing does. */
export class MotionDetector implements Detector {
  readonly name = 'motion';
  /** Levels of brightness, of 255. */
  readonly #threshold: number;
  /** Fraction of the picture. */
  readonly #leastArea: number;
  readonly #mask: readonly Polygon[];
  #scene: Scene | undefined;

  constructor({ sensitivity, mask }: MotionOptions) {
    this.#threshold = between(60, 6, sensitivity);
    this.#leastArea = between(0.01, 0.0002, sensitivity);
    this.#mask = mask;
  }

  async detect(frame: Frame, signal: AbortSignal): Promise<readonly FoundObject[]> {
    signal.throwIfAborted();
    let picture: Pixels;
    try {
      picture = await smallLuma(frame.data, frame.width, LEAST_WIDTH);
    } catch (thrown) {
      throw toFramehubError(thrown, 'DETECTOR_FAILED');
    }
    signal.throwIfAborted();
    return this.#compare(picture, frame.capturedAt);
  }

  async close(): Promise<void> {
    this.#scene = undefined;
  }

  #compare({ data, width, height }: Pixels, capturedAt: number): readonly FoundObject[] {
    const scene = this.#scene;
    const elapsed = capturedAt - (scene?.capturedAt ?? 0);
    const isSame = scene?.width === width && scene.height === height;
    if (scene === undefined || !isSame || elapsed < 0 || elapsed > LONGEST_PAUSE) {
      this.#begin(data, width, height, capturedAt);
      return [];
    }
    scene.capturedAt = capturedAt;
    const { background, ignored } = scene;
    const changed = background.compare(data, this.#threshold, elapsed, ignored);
    if (changed > ALL_OF_IT * width * height) {
      this.#begin(data, width, height, capturedAt);
      return [];
    }
    const least = Math.max(4, this.#leastArea * width * height);
    if (changed < least) return [];
    return findRegions(background.strength, width, height, least)
      .sort((one, other) => other.pixels - one.pixels)
      .slice(0, MOST_REGIONS)
      .map(({ box, strength }: Region) => ({ label: 'motion', score: scoreOf(strength), box }));
  }

  #begin(data: Buffer, width: number, height: number, capturedAt: number): void {
    const background = new Background(data);
    const ignored = maskOf(this.#mask, width, height);
    this.#scene = { width, height, background, ignored, capturedAt };
  }
}

/** 0.5 for what is just a change, towards 1 the stronger it is. */
function scoreOf(strength: number): number {
  return Math.round((strength / (1 + strength)) * 1000) / 1000;
}

/** From `first` at sensitivity 1 to `last` at 100, in equal ratios. */
function between(first: number, last: number, sensitivity: number): number {
  return first * (last / first) ** ((sensitivity - 1) / 99);
}
