import type { Box, Detection } from '../api/detection.ts';
import { LABEL_INK, labelColor, labelText, scoreText } from '../api/detection-look.ts';
import { type Area, placeLabels } from '../api/label-place.ts';
import { Drawing, type Edges, grown } from '../media/drawing.ts';
import { type TextImage, textImage } from '../media/text-image.ts';

/** Letters follow the shorter side of the picture, pixels. */
const LETTERS = 0.031;
const SMALLEST_LETTERS = 11;
const LARGEST_LETTERS = 72;
/** Texts kept: names come again with every picture. */
const KEPT_TEXTS = 300;
const LONGEST_TEXT = 40;
/** Width of a letter, in font sizes: about. */
const LETTER_WIDTH = 0.58;
/** A label this much wider than its box does without the score. */
const MOST_OVERHANG = 1.6;
/** A dark rim makes a line seen on bright ground. */
const RIM = '#000000';
const RIM_STRENGTH = 0.4;

export interface PaintOptions {
  /** JPEG quality, 1 to 100. */
  readonly quality: number;
  /** Widest picture, pixels; lines and letters are as sharp as in any other size. */
  readonly width?: number | undefined;
}

interface Marked {
  readonly edges: Edges;
  readonly color: string;
  readonly text: TextImage;
  readonly words: string;
}

/** Draws what was found into JPEG pictures; keeps the letters it has drawn once. */
export class BoxPainter {
  readonly #texts = new Map<string, Promise<TextImage>>();

  async paint(
    jpeg: Buffer,
    detections: readonly Detection[],
    { quality, width }: PaintOptions,
  ): Promise<{ readonly data: Buffer; readonly width: number; readonly height: number }> {
    const drawing = await Drawing.open(jpeg, width);
    const px = letterSize(drawing);
    const line = Math.max(2, Math.round(px / 8));
    const marked = await Promise.all(detections.map((one) => this.#mark(one, drawing, px)));
    // Larger boxes first, so that what is in front of them stays to be seen.
    marked.sort((one, other) => areaOf(other.edges) - areaOf(one.edges));
    for (const { edges, color } of marked) {
      drawing.frame(grown(edges, line), 1, RIM, RIM_STRENGTH);
      drawing.frame(edges, line, color);
    }
    const pad = Math.round(px * 0.4);
    const height = Math.round(px * 1.45);
    const places = placeLabels(
      marked.map(({ edges, text }) => ({
        box: areaWithin(grown(edges, line)),
        width: text.width + 2 * pad,
        height,
      })),
      drawing,
    );
    for (const [index, place] of places.entries()) {
      const one = marked[index];
      if (one !== undefined) drawLabel(drawing, one, place, px, pad);
    }
    const data = await drawing.encode(quality);
    return { data, width: drawing.width, height: drawing.height };
  }

  async #mark(detection: Detection, drawing: Drawing, px: number): Promise<Marked> {
    const edges = edgesOf(detection.box, drawing);
    const all = `${labelText(detection)}  ${scoreText(detection)}`;
    const wide = all.length * px * LETTER_WIDTH;
    const words = wide > MOST_OVERHANG * (edges.right - edges.left) ? labelText(detection) : all;
    return {
      edges,
      color: labelColor(detection.label),
      text: await this.#text(words, px),
      words,
    };
  }

  #text(words: string, px: number): Promise<TextImage> {
    const shown = [...words].slice(0, LONGEST_TEXT).join('');
    const key = `${px} ${shown}`;
    const drawn = this.#texts.get(key) ?? textImage(shown, { px, color: LABEL_INK });
    // The one used last is the last to go.
    this.#texts.delete(key);
    this.#texts.set(key, drawn);
    const [oldest] = this.#texts.keys();
    if (this.#texts.size > KEPT_TEXTS && oldest !== undefined) this.#texts.delete(oldest);
    return drawn;
  }
}

function letterSize({ width, height }: Drawing): number {
  const px = Math.round(Math.min(width, height) * LETTERS);
  return Math.min(LARGEST_LETTERS, Math.max(SMALLEST_LETTERS, px));
}

function edgesOf({ x, y, width, height }: Box, drawing: Drawing): Edges {
  return {
    left: Math.round(x * drawing.width),
    top: Math.round(y * drawing.height),
    right: Math.round((x + width) * drawing.width),
    bottom: Math.round((y + height) * drawing.height),
  };
}

function areaOf({ left, top, right, bottom }: Edges): number {
  return (right - left) * (bottom - top);
}

function areaWithin({ left, top, right, bottom }: Edges): Area {
  return { left, top, width: right - left, height: bottom - top };
}

function drawLabel(
  drawing: Drawing,
  { text, words, color }: Marked,
  { left, top, width, height }: Area,
  px: number,
  pad: number,
): void {
  drawing.fill({ left, top, right: left + width, bottom: top + height }, color);
  // Letters are cut to their ink: what hangs below the line must hang below it here too.
  const below = /[gjpqyQ,;()[\]{}]/.test(words) ? Math.round(px * 0.2) : 0;
  const baseline = top + Math.round(px * 1.08);
  drawing.text(text, left + pad, baseline + below - text.height, LABEL_INK);
}
