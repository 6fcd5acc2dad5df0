import type { Detection } from '../api/detection.ts';
import { isInside } from '../detector/polygon.ts';
import type { FoundObject } from '../detector.ts';
import type { Polygon } from '../settings/detect.ts';
import { footOf } from './foot.ts';

/** Half as sure as asked for is enough to keep following what is known already. */
const FAINT = 0.5;

export interface InterestOptions {
  /** Default: all labels. */
  readonly labels?: readonly string[] | undefined;
  /** Default 0. */
  readonly minScore?: number | undefined;
  readonly zones?: Readonly<Record<string, Polygon>> | undefined;
  readonly mask?: readonly Polygon[] | undefined;
}

/** What of all that is found counts for a camera: by label, score and place. */
export class Interest {
  readonly #labels: ReadonlySet<string> | undefined;
  readonly #minScore: number;
  readonly #zones: readonly (readonly [string, Polygon])[] | undefined;
  readonly #mask: readonly Polygon[];

  constructor({ labels, minScore = 0, zones, mask = [] }: InterestOptions) {
    this.#labels = labels === undefined ? undefined : new Set(labels);
    this.#minScore = minScore;
    this.#zones = zones === undefined ? undefined : Object.entries(zones);
    this.#mask = mask;
  }

  /** What counts, and what would if it were surer. */
  divide(all: readonly FoundObject[]): {
    readonly found: readonly FoundObject[];
    readonly faint: readonly FoundObject[];
  } {
    const here = all.filter((one) => this.#isWanted(one));
    return {
      found: here.filter(({ score }) => score >= this.#minScore),
      faint: here.filter(({ score }) => score < this.#minScore && score >= this.#minScore * FAINT),
    };
  }

  /** The detection with the names of the zones it stands in, where the camera has zones. */
  locate(detection: Detection): Detection {
    if (this.#zones === undefined) return detection;
    return { ...detection, zones: this.#zonesOf(detection) };
  }

  #isWanted(one: FoundObject): boolean {
    if (this.#labels?.has(one.label) === false) return false;
    const foot = footOf(one.box);
    if (this.#mask.some((polygon) => isInside(foot, polygon))) return false;
    return this.#zones === undefined || this.#zonesOf(one).length > 0;
  }

  #zonesOf({ box }: Pick<Detection, 'box'>): string[] {
    const foot = footOf(box);
    return (this.#zones ?? [])
      .filter(([, polygon]) => isInside(foot, polygon))
      .map(([name]) => name);
  }
}
