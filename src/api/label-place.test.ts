import { describe, expect, it } from 'vitest';
import { placeLabels } from './label-place.ts';

const room = { width: 400, height: 300 };
const label = { width: 60, height: 18 };
const at = (left: number, top: number, width = 40, height = 80) => ({
  box: { left, top, width, height },
  ...label,
});

describe('a label', () => {
  it('stands above its box, and within the picture', () => {
    expect(placeLabels([at(100, 100), at(380, 200)], room)).toEqual([
      { left: 100, top: 82, ...label },
      { left: 340, top: 182, ...label },
    ]);
  });

  it('stands below or inside where there is no room above', () => {
    expect(placeLabels([at(100, 5)], room)).toEqual([{ left: 100, top: 85, ...label }]);
    expect(placeLabels([at(100, -10, 40, 320)], room)).toEqual([{ left: 100, top: 0, ...label }]);
  });

  it('covers no other, as long as there is a place for it', () => {
    const crowd = [at(100, 100), at(130, 102), at(160, 98), at(190, 101)];
    const placed = placeLabels(crowd, room);
    for (const [index, one] of placed.entries()) {
      for (const other of placed.slice(index + 1)) {
        const apart =
          Math.abs(one.left - other.left) >= label.width ||
          Math.abs(one.top - other.top) >= label.height;
        expect(apart, JSON.stringify([one, other])).toBe(true);
      }
    }
  });
});
