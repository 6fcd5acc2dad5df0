import sharp, { type OverlayOptions } from 'sharp';
import { textImage } from '../../media/text-image.ts';

/** Below this many lines the small print can't be read and is left out. */
const SMALL = 180;

const bars = ['#c8ccd0', '#c4b23c', '#3fa9a4', '#4c9a55', '#9a569c', '#b8453f', '#3f5fa8'];

/** What doesn't change in the test picture: RGB, 3 bytes a pixel. */
export async function background(width: number, height: number, caption: string): Promise<Buffer> {
  const layers: OverlayOptions[] = [];
  if (height >= SMALL) {
    const px = Math.round(height * 0.034);
    const text = await textImage(caption, { px, color: '#8fa0b3' });
    if (text.width < width * 0.9) {
      layers.push({
        input: text.data,
        raw: { width: text.width, height: text.height, channels: 4 },
        left: Math.round((width - text.width) / 2),
        top: Math.round(height * 0.3),
      });
    }
  }
  return sharp(Buffer.from(scene(width, height)))
    .composite(layers)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer();
}

/** Sizes follow the height; shapes only, for an SVG's own text would need fonts of the system. */
function scene(width: number, height: number): string {
  const cell = height / 16;
  const line = Math.max(1, Math.round(height / 720));
  const barTop = Math.round(height * 0.9);
  const rampTop = Math.round(height * 0.955);
  const lines: string[] = [];
  for (let x = (width / 2) % cell; x < width; x += cell) lines.push(`M${x} 0V${height}`);
  for (let y = (height / 2) % cell; y < height; y += cell) lines.push(`M0 ${y}H${width}`);
  const radius = Math.min(height * 0.36, width * 0.46);
  const stripe = (index: number, count: number) => ({
    left: Math.round((index * width) / count),
    right: Math.round(((index + 1) * width) / count),
  });
  const rect = (index: number, count: number, top: number, bottom: number, fill: string) => {
    const { left, right } = stripe(index, count);
    return `<rect x="${left}" y="${top}" width="${right - left}" height="${bottom - top}" fill="${fill}"/>`;
  };
  const grey = (level: number) => `rgb(${level},${level},${level})`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#253242"/><stop offset="1" stop-color="#131a23"/>
    </linearGradient></defs>
    <rect width="${width}" height="${height}" fill="url(#sky)"/>
    <path d="${lines.join('')}" stroke="#3a4a5d" stroke-opacity="0.55" stroke-width="${line}"/>
    <circle cx="${width / 2}" cy="${height / 2}" r="${radius}" fill="#18212c" fill-opacity="0.6"
      stroke="#5a6d83" stroke-width="${line * 2}"/>
    ${bars.map((fill, index) => rect(index, bars.length, barTop, rampTop, fill)).join('')}
    ${Array.from({ length: 16 }, (_, step) => rect(step, 16, rampTop, height, grey(step * 17))).join('')}
  </svg>`;
}
