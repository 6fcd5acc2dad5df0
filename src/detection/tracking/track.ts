import type { Box } from '../../api/detection.ts';
import type { FoundObject } from '../../detector.ts';

/** Weight of the newest movement: boxes tremble, and nothing alive turns at once. */
const NEWEST = 0.4;

/** One thing over time: where it was last, and how it moves. */
export class Track {
  readonly label: string;
  #box: Box;
  #seenAt: number;
  #sightings = 1;
  /** Fractions of the picture a millisecond. */
  #speedX = 0;
  #speedY = 0;
  #id: number | undefined;

  /** @param at capture time, ms */
  constructor({ label, box }: FoundObject, at: number) {
    this.label = label;
    this.#box = box;
    this.#seenAt = at;
  }

  /** Undefined while it was seen only once: that may have been a mistake. */
  get id(): number | undefined {
    return this.#id;
  }

  get seenAt(): number {
    return this.#seenAt;
  }

  /** Where it should be, if it went on as it did. */
  expectedAt(at: number): Box {
    const time = at - this.#seenAt;
    const { x, y, width, height } = this.#box;
    return { x: x + this.#speedX * time, y: y + this.#speedY * time, width, height };
  }

  /** It was seen again. */
  see({ box }: FoundObject, at: number, nextId: () => number): void {
    const time = at - this.#seenAt;
    if (time > 0) {
      const moved = { x: middleX(box) - middleX(this.#box), y: middleY(box) - middleY(this.#box) };
      // The first movement is all that is known of it.
      const weight = this.#sightings === 1 ? 1 : NEWEST;
      this.#speedX += (moved.x / time - this.#speedX) * weight;
      this.#speedY += (moved.y / time - this.#speedY) * weight;
    }
    this.#box = box;
    this.#seenAt = Math.max(at, this.#seenAt);
    this.#sightings += 1;
    this.#id ??= nextId();
  }
}

export function middleX({ x, width }: Box): number {
  return x + width / 2;
}

export function middleY({ y, height }: Box): number {
  return y + height / 2;
}
