import sharp from 'sharp';
import { assetPath } from './assets.ts';

/** The one face text is drawn with; shipped, for small machines have no fonts. */
const FONT = 'Inter Medium';

export interface TextStyle {
  /** Font size, pixels. */
  readonly px: number;
  /** `#rrggbb`. */
  readonly color: string;
  /** Added between two lines, in font sizes. Default 0. */
  readonly leading?: number;
  /** Lines are wrapped at this many pixels, between words where that is possible. */
  readonly width?: number;
}

/** Text with an alpha channel, cut to its ink. Straight RGBA, 4 bytes a pixel. */
export interface TextImage {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** Draws text, centred. Markup in it is shown as it is written. Empty text can't be drawn. */
export async function textImage(text: string, style: TextStyle): Promise<TextImage> {
  const { data, info } = await sharp({
    text: {
      text: `<span foreground="${style.color}">${escapeMarkup(text)}</span>`,
      font: `${FONT} ${style.px}`,
      fontfile: assetPath('fonts/Inter-Medium.ttf'),
      // At 72 dpi a point is a pixel.
      dpi: 72,
      rgba: true,
      align: 'centre',
      spacing: Math.round(style.px * (style.leading ?? 0)),
      ...(style.width === undefined ? {} : { width: style.width, wrap: 'word-char' as const }),
    },
  })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function escapeMarkup(text: string): string {
  // Pango refuses control characters and half surrogate pairs, and takes NUL for the end.
  return text
    .replace(/[^\P{Cc}\n]|\p{Cs}/gu, ' ')
    .replace(/[&<>]/g, (character) => entities[character] ?? '');
}
