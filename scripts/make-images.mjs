// Draws the three pictures that "images:" plays, into assets/images/. They are committed: run this
// only to change them, with "node scripts/make-images.mjs".
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const WIDTH = 640;
const HEIGHT = 480;
const folder = fileURLToPath(new URL('../assets/images/', import.meta.url));
const fontfile = fileURLToPath(new URL('../assets/fonts/Inter-Medium.ttf', import.meta.url));

const cards = [
  { digit: '1', from: '#ff9a76', to: '#e2557b', x: 500, y: 120 },
  { digit: '2', from: '#3fc1b0', to: '#1f6fa8', x: 130, y: 370 },
  { digit: '3', from: '#f6c453', to: '#e07a3f', x: 540, y: 390 },
];

await mkdir(folder, { recursive: true });
for (const [index, card] of cards.entries()) {
  const { data, info } = await sharp({
    text: {
      text: `<span foreground="#ffffff">${card.digit}</span>`,
      font: 'Inter Medium 300',
      fontfile,
      dpi: 72,
      rgba: true,
    },
  })
    .png()
    .toBuffer({ resolveWithObject: true });
  await sharp(Buffer.from(scene(card, index)))
    .composite([
      {
        input: data,
        left: Math.round((WIDTH - info.width) / 2),
        top: Math.round((HEIGHT - info.height) / 2) - 14,
      },
    ])
    .flatten()
    .jpeg({ quality: 88, mozjpeg: true })
    .toFile(`${folder}${card.digit}.jpg`);
}

/** A warm ground, two soft circles, and three dots that say which card it is. */
function scene({ from, to, x, y }, index) {
  const dots = cards
    .map((_, dot) => {
      const opacity = dot === index ? 1 : 0.35;
      return `<circle cx="${WIDTH / 2 + (dot - 1) * 32}" cy="412" r="7" fill="#fff" fill-opacity="${opacity}"/>`;
    })
    .join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">
    <defs><linearGradient id="ground" x1="0" y1="0" x2="1" y2="1">
      <stop offset="0" stop-color="${from}"/><stop offset="1" stop-color="${to}"/>
    </linearGradient></defs>
    <rect width="${WIDTH}" height="${HEIGHT}" fill="url(#ground)"/>
    <circle cx="${x}" cy="${y}" r="190" fill="#fff" fill-opacity="0.10"/>
    <circle cx="${WIDTH - x}" cy="${HEIGHT - y}" r="110" fill="#fff" fill-opacity="0.08"/>
    <circle cx="${WIDTH / 2}" cy="${HEIGHT / 2 - 14}" r="160" fill="#fff" fill-opacity="0.16"/>
    ${dots}
  </svg>`;
}
