import { describe, expect, it } from 'vitest';
import { boxPlace, type Fit, picturePlace, type Rotation } from './picture-place.ts';

const wide = { width: 1600, height: 900 };
/** A tenth of the picture, in its upper left corner. */
const corner = { x: 0, y: 0, width: 0.1, height: 0.1 };

const placed = (
  element: { width: number; height: number },
  fit: Fit,
  rotation: Rotation,
  box = corner,
) => {
  const { left, top, width, height } = boxPlace(
    box,
    picturePlace(element, wide, fit, rotation),
    rotation,
  );
  return [left, top, width, height].map((value) => Math.round(value * 1000) / 1000 + 0);
};

describe('where a box is in the element', () => {
  it('is its share of an element of the same shape', () => {
    expect(placed({ width: 800, height: 450 }, 'contain', 0)).toEqual([0, 0, 80, 45]);
    expect(placed({ width: 800, height: 450 }, 'cover', 0)).toEqual([0, 0, 80, 45]);
  });

  it('is inside of the bars of a letterboxed picture', () => {
    expect(placed({ width: 800, height: 800 }, 'contain', 0)).toEqual([0, 175, 80, 45]);
    expect(placed({ width: 1600, height: 450 }, 'contain', 0)).toEqual([400, 0, 80, 45]);
  });

  it('is beyond the edge where a cropped picture is', () => {
    expect(placed({ width: 450, height: 450 }, 'cover', 0)).toEqual([-175, 0, 80, 45]);
    expect(placed({ width: 1600, height: 450 }, 'cover', 0)).toEqual([0, -225, 160, 90]);
  });

  it('turns with the picture, clockwise', () => {
    // The upper left corner of a picture that lies on its right side is the upper right one.
    expect(placed({ width: 450, height: 800 }, 'contain', 90)).toEqual([405, 0, 45, 80]);
    expect(placed({ width: 800, height: 450 }, 'contain', 180)).toEqual([720, 405, 80, 45]);
    expect(placed({ width: 450, height: 800 }, 'contain', 270)).toEqual([0, 720, 45, 80]);
  });

  it('is letterboxed and cropped after it is turned', () => {
    expect(placed({ width: 800, height: 800 }, 'contain', 90)).toEqual([580, 0, 45, 80]);
    expect(placed({ width: 450, height: 400 }, 'cover', 270)).toEqual([0, 520, 45, 80]);
  });

  it('ends where it began after four quarter turns', () => {
    const box = { x: 0.2, y: 0.1, width: 0.3, height: 0.4 };
    const square = { width: 900, height: 900 };
    const middles = ([0, 90, 180, 270] as const).map((rotation) => {
      const at = boxPlace(box, picturePlace(square, square, 'contain', rotation), rotation);
      return [at.left + at.width / 2 - 450, at.top + at.height / 2 - 450];
    });
    for (const [index, [x = 0, y = 0]] of middles.entries()) {
      // A quarter turn clockwise takes (x, y) to (-y, x).
      const [nextX, nextY] = middles[(index + 1) % 4] ?? [];
      expect(nextX).toBeCloseTo(-y);
      expect(nextY).toBeCloseTo(x);
    }
  });
});
