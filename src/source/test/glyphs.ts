import { FramehubError } from '../../errors.ts';
import { textImage } from '../../media/text-image.ts';
import { type Color, drawMask, type Mask, type Raster } from './raster.ts';

/** The characters of a clock and a number, drawn once, so that writing them is only copying. */
export interface Glyphs {
  /** Pixels. */
  readonly height: number;
  /** Digits are all given this width, so that a running number doesn't tremble. */
  readonly digitWidth: number;
  readonly spacing: number;
  readonly masks: ReadonlyMap<string, Mask>;
}

const CHARACTERS = '0123456789:.UTC';

/** @param px font size, pixels. */
export async function renderGlyphs(px: number): Promise<Glyphs> {
  const image = await textImage([...CHARACTERS].join('  '), { px, color: '#ffffff' });
  const columns = inkedColumns(image.data, image.width, image.height);
  if (columns.length !== CHARACTERS.length) {
    throw new FramehubError(
      'INTERNAL',
      `Expected ${CHARACTERS.length} characters at ${px} px, but found ${columns.length}.`,
    );
  }
  const masks = new Map<string, Mask>();
  for (const [index, { left, right }] of columns.entries()) {
    const width = right - left;
    const alpha = new Uint8Array(width * image.height);
    for (let y = 0; y < image.height; y++) {
      for (let x = 0; x < width; x++) {
        alpha[y * width + x] = image.data[(y * image.width + left + x) * 4 + 3] ?? 0;
      }
    }
    masks.set(CHARACTERS.charAt(index), { alpha, width, height: image.height });
  }
  const digitWidth = Math.max(...[...masks.values()].slice(0, 10).map(({ width }) => width));
  return { height: image.height, digitWidth, spacing: Math.max(1, Math.round(px * 0.08)), masks };
}

/** Writes `text` centred on `centre`; a space is half a digit wide. */
export function drawText(
  raster: Raster,
  glyphs: Glyphs,
  text: string,
  centre: number,
  top: number,
  color: Color,
): void {
  const cells = [...text].map((character) => cellWidth(glyphs, character));
  const width = cells.reduce((sum, cell) => sum + cell + glyphs.spacing, -glyphs.spacing);
  let left = Math.round(centre - width / 2);
  for (const [index, character] of [...text].entries()) {
    const cell = cells[index] ?? 0;
    const mask = glyphs.masks.get(character);
    if (mask) drawMask(raster, mask, left + Math.round((cell - mask.width) / 2), top, color);
    left += cell + glyphs.spacing;
  }
}

function cellWidth(glyphs: Glyphs, character: string): number {
  const mask = glyphs.masks.get(character);
  if (mask === undefined) return Math.round(glyphs.digitWidth / 2);
  return /\d/.test(character) ? glyphs.digitWidth : mask.width;
}

/** Runs of columns that hold ink, from the left. */
function inkedColumns(
  rgba: Buffer,
  width: number,
  height: number,
): { readonly left: number; readonly right: number }[] {
  const runs: { left: number; right: number }[] = [];
  let left = -1;
  for (let x = 0; x <= width; x++) {
    let ink = false;
    for (let y = 0; x < width && y < height && !ink; y++) ink = rgba[(y * width + x) * 4 + 3] !== 0;
    if (ink && left === -1) left = x;
    if (!ink && left !== -1) {
      runs.push({ left, right: x });
      left = -1;
    }
  }
  return runs;
}
