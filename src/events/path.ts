import type { PathPoint } from '../api/event.ts';

/** Places an event keeps: enough to draw where it went, 4 KB at most. */
const MAX_POINTS = 64;

/** Where something was, thinned evenly however long it stays; first and last place are kept. */
export class Path {
  #points: PathPoint[] = [];
  #last: PathPoint | undefined;
  /** One of so many is kept. */
  #step = 1;
  #count = 0;

  add({ at, x, y, width, height }: PathPoint): void {
    const point = {
      at: Math.round(at),
      x: round(x),
      y: round(y),
      width: round(width),
      height: round(height),
    };
    this.#last = point;
    if (this.#count % this.#step === 0) this.#points.push(point);
    this.#count += 1;
    if (this.#points.length < MAX_POINTS) return;
    this.#points = this.#points.filter((_, index) => index % 2 === 0);
    this.#step *= 2;
  }

  /** In the order of time. */
  points(): readonly PathPoint[] {
    if (this.#last === undefined || this.#points.at(-1) === this.#last) return this.#points;
    return [...this.#points, this.#last];
  }
}

/** A tenth of a pixel of a picture 1000 wide. */
function round(fraction: number): number {
  return Math.round(fraction * 10_000) / 10_000;
}
