import sharp from 'sharp';
import type { TextImage } from './text-image.ts';

/** Rectangle in whole pixels; `right` and `bottom` are not part of it. */
export interface Edges {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A JPEG picture that is drawn into. What is outside of it is left out. */
export class Drawing {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue, 1 byte each. */
  readonly #data: Buffer;

  private constructor(data: Buffer, width: number, height: number) {
    this.#data = data;
    this.width = width;
    this.height = height;
  }

  /** @param width widest picture, pixels; the height follows. Default: as it is. */
  static async open(jpeg: Buffer, width?: number): Promise<Drawing> {
    // A damaged picture is shown as far as it goes, as every player does.
    const image = sharp(jpeg, { failOn: 'none', sequentialRead: true });
    if (width !== undefined) image.resize({ width, withoutEnlargement: true, kernel: 'linear' });
    const { data, info } = await image
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return new Drawing(data, info.width, info.height);
  }

  /** @param quality JPEG quality, 1 to 100 */
  encode(quality: number): Promise<Buffer> {
    const raw = { width: this.width, height: this.height, channels: 3 } as const;
    return sharp(this.#data, { raw }).jpeg({ quality }).toBuffer();
  }

  /**
   * @param color `#rrggbb`
   * @param strength how much of the colour there is, 0 to 1
   */
  fill({ left, top, right, bottom }: Edges, color: string, strength = 1): void {
    const rgb = rgbOf(color);
    const from = Math.max(0, left);
    const to = Math.min(this.width, right);
    const last = Math.min(this.height, bottom);
    for (let y = Math.max(0, top); y < last; y++) {
      let at = (y * this.width + from) * 3;
      for (let x = from; x < to; x++, at += 3) this.#blend(at, rgb, strength);
    }
  }

  /** Lines around the edges, `line` pixels wide. */
  frame(edges: Edges, line: number, color: string, strength = 1): void {
    const { left, top, right, bottom } = edges;
    const outer = grown(edges, line);
    this.fill({ ...outer, bottom: top }, color, strength);
    this.fill({ ...outer, top: bottom }, color, strength);
    this.fill({ left: outer.left, top, right: left, bottom }, color, strength);
    this.fill({ left: right, top, right: outer.right, bottom }, color, strength);
  }

  text(text: TextImage, left: number, top: number, color: string): void {
    const rgb = rgbOf(color);
    const lastX = Math.min(text.width, this.width - left);
    const lastY = Math.min(text.height, this.height - top);
    for (let y = Math.max(0, -top); y < lastY; y++) {
      for (let x = Math.max(0, -left); x < lastX; x++) {
        const alpha = (text.data[(y * text.width + x) * 4 + 3] ?? 0) / 255;
        if (alpha > 0) this.#blend(((top + y) * this.width + left + x) * 3, rgb, alpha);
      }
    }
  }

  #blend(at: number, [red, green, blue]: Rgb, strength: number): void {
    const data = this.#data;
    const rest = 1 - strength;
    data[at] = (data[at] ?? 0) * rest + red * strength;
    data[at + 1] = (data[at + 1] ?? 0) * rest + green * strength;
    data[at + 2] = (data[at + 2] ?? 0) * rest + blue * strength;
  }
}

export function grown({ left, top, right, bottom }: Edges, by: number): Edges {
  return { left: left - by, top: top - by, right: right + by, bottom: bottom + by };
}

type Rgb = readonly [red: number, green: number, blue: number];

function rgbOf(color: string): Rgb {
  const number = Number.parseInt(color.slice(1), 16);
  return [(number >> 16) & 0xff, (number >> 8) & 0xff, number & 0xff];
}
