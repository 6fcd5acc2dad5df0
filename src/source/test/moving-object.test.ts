import sharp from 'sharp';
import { expect, it } from 'vitest';
import { objectAt } from './moving-object.ts';
import { TestCard } from './test-card.ts';
import { testOptions } from './test-options.ts';

it.each([1, 20, 97, 120, 150])(
  'the ball of picture %i fills the box that objectAt gives',
  async (seq) => {
    const [width, height] = [640, 360];
    const card = await TestCard.create(testOptions('test:?size=640x360&clock=off'));
    const { data } = await sharp(await card.draw(seq, 0))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const box = objectAt(seq, width, height);
    const isBall = (x: number, y: number) => {
      const at = (Math.round(y) * width + Math.round(x)) * 3;
      // Redder than anything else between the mark and the colour bars.
      return (data[at] ?? 0) - (data[at + 2] ?? 0) > 70;
    };
    const [left, top] = [box.x * width, box.y * height];
    const [right, bottom] = [left + box.width * width, top + box.height * height];
    const middle = { x: (left + right) / 2, y: (top + bottom) / 2 };
    expect(isBall(left + 3, middle.y), 'left edge').toBe(true);
    expect(isBall(right - 4, middle.y), 'right edge').toBe(true);
    expect(isBall(middle.x, top + 3), 'top edge').toBe(true);
    expect(isBall(middle.x, bottom - 4), 'bottom edge').toBe(true);
    expect(isBall(left - 4, middle.y), 'left of it').toBe(false);
    expect(isBall(middle.x, bottom + 3), 'below it').toBe(false);
  },
);

it.each([
  [64, 64],
  [1280, 720],
  [3840, 2160],
  [64, 2160],
])(
  'in a picture of %ix%i it moves, within the picture and clear of the seq mark',
  (width, height) => {
    const boxes = Array.from({ length: 500 }, (_, seq) => objectAt(seq, width, height));
    for (const { x, y, width: wide, height: high } of boxes) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + wide).toBeLessThanOrEqual(1);
      expect(y).toBeGreaterThan(0.1);
      expect(y + high).toBeLessThan(0.9);
    }
    expect(new Set(boxes.map(({ x, y }) => `${x} ${y}`)).size).toBeGreaterThan(50);
  },
);
