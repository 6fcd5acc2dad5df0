import sharp, { type OverlayOptions } from 'sharp';
import { type TextImage, type TextStyle, textImage } from './text-image.ts';

/** Sizes beyond this are drawn smaller in the same shape, so that no header can ask for gigabytes. */
const MOST_PIXELS = 8192 * 4320;
const LONGEST_SIDE = 16_383;
/** Smaller letters can't be read, pixels. */
const SMALLEST_TITLE = 12;
const SMALLEST_LINE = 9;
/** Longer text is cut off before it is laid out, characters. */
const LONGEST_TEXT = 400;
const MOST_LINES = 6;
/** Of the picture's width, for words. */
const WIDEST = 0.88;

const TITLE_COLOR = '#e9eef3';
const LINE_COLOR = '#98a6b5';

export interface Placeholder {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** Below the title, smaller; wrapped where they are too long. */
  readonly lines: readonly string[];
}

/** The words of a placeholder, laid out. */
interface Layout {
  readonly icon: number;
  readonly title: TextImage;
  readonly body: TextImage | undefined;
  readonly gap: number;
  readonly height: number;
}

/**
 * The JPEG people see while a camera has no picture: a few words, centred on dark. The letters
 * follow the size of the picture; what doesn't fit at the smallest readable size is cut with "…".
 * A picture too small for any word stays empty.
 */
export async function placeholderPicture(placeholder: Placeholder): Promise<Buffer> {
  const { width, height } = drawnSize(placeholder.width, placeholder.height);
  const layout = await fitWords(width, height, placeholder);
  return sharp(Buffer.from(backdrop(width, height, layout)))
    .composite(layout === undefined ? [] : place(layout, width, height))
    .flatten()
    .toColourspace('srgb')
    .jpeg({ quality: 88 })
    .toBuffer();
}

function drawnSize(width: number, height: number): { width: number; height: number } {
  const shrink = Math.min(
    1,
    LONGEST_SIDE / Math.max(width, height),
    Math.sqrt(MOST_PIXELS / (width * height)),
  );
  return {
    width: Math.max(1, Math.floor(width * shrink)),
    height: Math.max(1, Math.floor(height * shrink)),
  };
}

/** Makes letters smaller until the words fit, then the words fewer; undefined when none fits. */
async function fitWords(
  width: number,
  height: number,
  placeholder: Placeholder,
): Promise<Layout | undefined> {
  let title = shorten(placeholder.title.trim(), LONGEST_TEXT);
  let lines = placeholder.lines
    .map((line) => shorten(line.trim(), LONGEST_TEXT))
    .filter((line) => line !== '')
    .slice(0, MOST_LINES);
  let px = await titleSize(title, width, height);
  while (title !== '') {
    const layout = await layOut(title, lines, px, width, height);
    if (layout !== undefined) return layout;
    if (px > SMALLEST_TITLE) px = Math.max(SMALLEST_TITLE, px * 0.85);
    else if (lines.length > 1 && lines.at(-1) !== '…') lines = lines.slice(0, -1);
    else if (lines.length > 0) lines = lines.flatMap((line) => shortened(line));
    else title = shortened(title)[0] ?? '';
  }
  return undefined;
}

/** Follows the size of the picture; a little smaller if that spares the title a second line. */
async function titleSize(title: string, width: number, height: number): Promise<number> {
  const px = Math.max(SMALLEST_TITLE, Math.min(height * 0.07, width * 0.055));
  if (title === '') return px;
  const excess = (await textImage(title, titleStyle(px))).width / (width * WIDEST);
  return excess > 1 && excess < 1.4 ? Math.max(SMALLEST_TITLE, Math.floor(px / excess)) : px;
}

function titleStyle(px: number): TextStyle {
  return { px: Math.round(px), color: TITLE_COLOR, leading: 0.1 };
}

async function layOut(
  title: string,
  lines: readonly string[],
  px: number,
  width: number,
  height: number,
): Promise<Layout | undefined> {
  const room = Math.floor(width * WIDEST);
  if (room < SMALLEST_TITLE) return undefined;
  const heading = await textImage(title, { ...titleStyle(px), width: room });
  const body =
    lines.length === 0
      ? undefined
      : await textImage(lines.join('\n'), {
          px: Math.max(SMALLEST_LINE, Math.round(px * 0.56)),
          color: LINE_COLOR,
          leading: 0.3,
          width: room,
        });
  const gap = Math.round(px * 0.8);
  const words = heading.height + (body === undefined ? 0 : gap + body.height);
  const fits = words <= height * 0.88 && Math.max(heading.width, body?.width ?? 0) <= width * 0.94;
  if (!fits) return undefined;
  const icon = Math.round(px * 1.9);
  const all = words + icon + gap;
  return px >= 16 && all <= height * 0.8
    ? { icon, title: heading, body, gap, height: all }
    : { icon: 0, title: heading, body, gap, height: words };
}

function place(layout: Layout, width: number, height: number): OverlayOptions[] {
  const { icon, title, body, gap } = layout;
  let top = Math.round((height - layout.height) / 2) + (icon > 0 ? icon + gap : 0);
  const overlays = [overlay(title, width, top)];
  top += title.height + gap;
  if (body !== undefined) overlays.push(overlay(body, width, top));
  return overlays;
}

function overlay(image: TextImage, width: number, top: number): OverlayOptions {
  return {
    input: image.data,
    raw: { width: image.width, height: image.height, channels: 4 },
    left: Math.round((width - image.width) / 2),
    top,
  };
}

/** A dark ground, and the outline of a camera above the words where there is room. */
function backdrop(width: number, height: number, layout: Layout | undefined): string {
  const icon = layout?.icon ?? 0;
  const scale = icon / 24;
  const left = (width - icon) / 2;
  const top = (height - (layout?.height ?? 0)) / 2;
  const camera = `<g transform="translate(${left} ${top}) scale(${scale})" fill="none"
      stroke="#5b6b7d" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round">
      <rect x="1.5" y="6" width="14" height="12" rx="2.5"/><path d="M15.5 10.5l7-3.5v10l-7-3.5"/>
    </g>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><radialGradient id="ground" cx="50%" cy="45%" r="75%">
      <stop offset="0" stop-color="#1c242e"/><stop offset="1" stop-color="#10151b"/>
    </radialGradient></defs>
    <rect width="${width}" height="${height}" fill="url(#ground)"/>
    ${icon > 0 ? camera : ''}
  </svg>`;
}

function shorten(text: string, length: number): string {
  const characters = [...text];
  if (characters.length <= length) return text;
  return `${characters
    .slice(0, length - 1)
    .join('')
    .trimEnd()}…`;
}

/** A quarter less of it; nothing when there is too little left to mean anything. */
function shortened(text: string): string[] {
  const length = Math.floor([...text].length * 0.75);
  return length < 4 ? [] : [shorten(text, length)];
}
