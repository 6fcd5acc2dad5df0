import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Detection } from '../api/detection.ts';
import { labelColor } from '../api/detection-look.ts';
import { BoxPainter } from './box-painter.ts';

const grey = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#606060' } })
    .jpeg({ quality: 95 })
    .toBuffer();
const cup: Detection = {
  label: 'cup',
  score: 0.9,
  box: { x: 0.25, y: 0.25, width: 0.5, height: 0.5 },
};

/** Tells whether a pixel has the colour of a label. */
async function seen(jpeg: Buffer, label = 'cup'): Promise<(x: number, y: number) => boolean> {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  const color = Number.parseInt(labelColor(label).slice(1), 16);
  return (x, y) =>
    [color >> 16, (color >> 8) & 0xff, color & 0xff].every(
      (one, index) => Math.abs(one - (data[(y * info.width + x) * 3 + index] ?? 0)) < 60,
    );
}

describe('what was found, drawn into a picture', () => {
  it('lies around its place, to a pixel, in the size it is and in a smaller one', async () => {
    const picture = await grey(640, 480);
    for (const width of [640, 320]) {
      const drawn = await new BoxPainter().paint(picture, [cup], { quality: 95, width });
      expect(drawn).toMatchObject({ width, height: width * 0.75 });
      const isDrawn = await seen(drawn.data);
      const [left, right] = [width / 4, (width / 4) * 3];
      const y = (width * 3) / 8;
      expect(isDrawn(left - 1, y)).toBe(true);
      expect(isDrawn(left + 3, y)).toBe(false);
      expect(isDrawn(right, y)).toBe(true);
      expect(isDrawn(right - 4, y)).toBe(false);
      expect(isDrawn(left - 7, y)).toBe(false);
    }
  });

  it('has its name above it, and below where there is no room', async () => {
    const painter = new BoxPainter();
    const picture = await grey(640, 480);
    const above = await seen((await painter.paint(picture, [cup], { quality: 95 })).data);
    expect(above(160, 105)).toBe(true);
    const high = { ...cup, box: { ...cup.box, y: 0 } };
    const below = await seen((await painter.paint(picture, [high], { quality: 95 })).data);
    expect(below(160, 255)).toBe(true);
  });

  it('may reach beyond the picture, be as small as nothing, and be called anything', async () => {
    const painter = new BoxPainter();
    const found: Detection[] = [
      {
        label: 'all of it and much more '.repeat(9),
        score: 1,
        box: { x: -0.2, y: -0.2, width: 1.4, height: 1.4 },
      },
      { label: '<b>&amp; \u0000 日本 🚲', score: 0, box: { x: 0.5, y: 0.5, width: 0, height: 0 } },
      {
        label: 'corner',
        score: 0.5,
        trackId: 7,
        box: { x: 0.99, y: 0.99, width: 0.01, height: 0.01 },
      },
    ];
    for (const [width, height] of [
      [640, 480],
      [16, 16],
      [1, 1],
    ] as const) {
      const drawn = await painter.paint(await grey(width, height), found, { quality: 75 });
      expect(drawn).toMatchObject({ width, height });
    }
  });

  it('is drawn into a grey JPEG in its colour', async () => {
    const picture = await sharp(await grey(320, 240))
      .greyscale()
      .jpeg()
      .toBuffer();
    const isDrawn = await seen(
      (await new BoxPainter().paint(picture, [cup], { quality: 95 })).data,
    );
    expect(isDrawn(79, 120)).toBe(true);
  });
});
