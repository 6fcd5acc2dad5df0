import type { Box } from '../../../api/detection.ts';

/** Pixels of a cell, each way: what is this close together is one thing. */
const CELL = 4;
/** With fewer of its 16 pixels changed, a cell is only trembling. */
const LEAST_OF_CELL = 3;

export interface Region {
  /** In fractions of the picture. */
  readonly box: Box;
  /** Pixels that changed. */
  readonly pixels: number;
  /** Their mean strength, in thresholds. */
  readonly strength: number;
}

interface Extent {
  left: number;
  top: number;
  right: number;
  bottom: number;
  pixels: number;
  strength: number;
}

/**
 * Puts changed pixels that are near each other together.
 *
 * @param strength of each pixel, row by row; 0: not changed
 * @param least pixels a region has
 */
export function findRegions(
  strength: Float32Array,
  width: number,
  height: number,
  least: number,
): Region[] {
  const columns = Math.ceil(width / CELL);
  const rows = Math.ceil(height / CELL);
  const cells: (Extent | undefined)[] = new Array(columns * rows);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const value = strength[y * width + x] ?? 0;
      if (value === 0) continue;
      const at = Math.floor(y / CELL) * columns + Math.floor(x / CELL);
      const cell = cells[at];
      if (cell === undefined) cells[at] = extentOf(x, y, value);
      else extend(cell, x, y, value);
    }
  }
  const regions: Region[] = [];
  for (let start = 0; start < cells.length; start += 1) {
    const extent = collect(cells, columns, start);
    if (extent === undefined || extent.pixels < least) continue;
    const { left, top, right, bottom, pixels } = extent;
    regions.push({
      box: {
        x: left / width,
        y: top / height,
        width: (right - left) / width,
        height: (bottom - top) / height,
      },
      pixels,
      strength: extent.strength / pixels,
    });
  }
  return regions;
}

/** Takes the cell and all that touch it, also at corners, out of the cells. */
function collect(
  cells: (Extent | undefined)[],
  columns: number,
  start: number,
): Extent | undefined {
  let extent: Extent | undefined;
  const waiting = [start];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const cell = cells[at];
    cells[at] = undefined;
    if (cell === undefined || cell.pixels < LEAST_OF_CELL) continue;
    extent = joined(extent, cell);
    const column = at % columns;
    for (const down of [-columns, 0, columns]) {
      if (column > 0) waiting.push(at + down - 1);
      waiting.push(at + down);
      if (column < columns - 1) waiting.push(at + down + 1);
    }
  }
  return extent;
}

function extentOf(x: number, y: number, strength: number): Extent {
  return { left: x, top: y, right: x + 1, bottom: y + 1, pixels: 1, strength };
}

/** Called for each changed pixel, so it makes no objects. Rows come from above. */
function extend(cell: Extent, x: number, y: number, strength: number): void {
  if (x < cell.left) cell.left = x;
  if (x >= cell.right) cell.right = x + 1;
  cell.bottom = y + 1;
  cell.pixels += 1;
  cell.strength += strength;
}

function joined(one: Extent | undefined, other: Extent): Extent {
  if (one === undefined) return other;
  one.left = Math.min(one.left, other.left);
  one.top = Math.min(one.top, other.top);
  one.right = Math.max(one.right, other.right);
  one.bottom = Math.max(one.bottom, other.bottom);
  one.pixels += other.pixels;
  one.strength += other.strength;
  return one;
}
