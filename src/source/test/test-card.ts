import sharp from 'sharp';
import { background } from './background.ts';
import { drawText, type Glyphs, renderGlyphs } from './glyphs.ts';
import { ballSize, objectAt } from './moving-object.ts';
import { type Color, discMask, drawMask, fillRect, type Mask, type Raster } from './raster.ts';
import { MARK_BLACK, MARK_WHITE, seqMark } from './seq-mark.ts';
import type { TestOptions } from './test-options.ts';

const BALL: Color = [226, 96, 68];
const SHINE: Color = [244, 152, 124];
const DIGITS: Color = [242, 245, 248];
const CLOCK: Color = [176, 192, 208];

/** A narrower picture, in pixels, has no room for the clock. */
const WIDE_ENOUGH = 96;

/** Everything about the test picture that is drawn once. */
interface Parts {
  readonly size: { readonly width: number; readonly height: number };
  readonly still: Buffer;
  readonly digits: Glyphs;
  /** Undefined when there is no clock. */
  readonly clock: Glyphs | undefined;
  readonly ball: Mask;
  readonly shine: Mask;
}

/** Draws the test picture. One drawing at a time: it uses the same memory for all of them. */
export class TestCard {
  readonly #parts: Parts;
  readonly #raster: Raster;

  static async create({ width, height, fps, clock }: TestOptions): Promise<TestCard> {
    // The widest number has ten digits, each about 0.7 of the font size wide with its spacing.
    const digits = Math.max(8, Math.round(Math.min(height * 0.18, width / 8)));
    const time = Math.max(8, Math.round(Math.min(height * 0.055, width / 12)));
    const ball = ballSize(width, height);
    return new TestCard({
      size: { width, height },
      still: await background(width, height, `framehub test  ${width} × ${height}  ${fps} fps`),
      digits: await renderGlyphs(digits),
      clock: clock && width >= WIDE_ENOUGH ? await renderGlyphs(time) : undefined,
      ball: discMask(ball),
      shine: discMask(Math.max(1, Math.round(ball * 0.3))),
    });
  }

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.#raster = { data: Buffer.allocUnsafe(parts.still.length), ...parts.size };
  }

  /** @param now ms since the epoch, for the clock. */
  async draw(seq: number, now: number): Promise<Buffer> {
    const { digits, clock, still } = this.#parts;
    const raster = this.#raster;
    const { width, height } = raster;
    still.copy(raster.data);
    this.#drawBall(seq);
    for (const { left, top, right, bottom, bit } of seqMark(seq, width, height)) {
      fillRect(raster, left, top, right, bottom, bit ? MARK_WHITE : MARK_BLACK);
    }
    const middle = Math.round((height - digits.height) / 2);
    drawText(raster, digits, String(seq), width / 2, middle, DIGITS);
    if (clock) {
      const text = `${new Date(now).toISOString().slice(11, 23)} UTC`;
      drawText(raster, clock, text, width / 2, Math.round(height * 0.65), CLOCK);
    }
    return (
      sharp(raster.data, { raw: { width, height, channels: 3 } })
        // Optimised Huffman tables take twice the time for a tenth of the size.
        .jpeg({ quality: 85, optimizeCoding: false })
        .toBuffer()
    );
  }

  #drawBall(seq: number): void {
    const { ball, shine } = this.#parts;
    const { width, height } = this.#raster;
    const box = objectAt(seq, width, height);
    const left = Math.round(box.x * width);
    const top = Math.round(box.y * height);
    drawMask(this.#raster, ball, left, top, BALL);
    const inset = Math.round(ball.width * 0.2);
    drawMask(this.#raster, shine, left + inset, top + inset, SHINE);
  }
}
