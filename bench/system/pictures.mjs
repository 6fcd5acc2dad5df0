// @ts-check
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/** Text in front of the time in a picture; see bench/stamp.h. */
const STAMP_TEXT = 'framehub-bench ';
const STAMP_DIGITS = 16;

export const width = 1280;
export const height = 720;
/** Pictures a second, of every contestant. */
export const fps = 30;
const COUNT = 30;
const TARGET_BYTES = 45_000;
const TOLERANCE = 2_000;

/**
 * @typedef {object} Pictures
 * @property {string} folder   of JPEG files, `0000.jpg` to `0029.jpg`
 * @property {number} count
 * @property {number} meanBytes
 */

/**
 * A second of a scene in 720p, each picture 45 KB ± 2 with room for a stamp; made once.
 *
 * @param {string} cache
 * @returns {Promise<Pictures>}
 */
export async function benchPictures(cache) {
  const folder = join(cache, `pictures-${width}x${height}-${TARGET_BYTES}-${COUNT}`);
  const made = await readdir(folder).catch(() => []);
  if (made.length !== COUNT) {
    const draft = `${folder}-${process.pid}`;
    await mkdir(draft, { recursive: true });
    for (let index = 0; index < COUNT; index += 1) {
      const name = `${String(index).padStart(4, '0')}.jpg`;
      await writeFile(join(draft, name), withRoomForStamp(await drawPicture(index)));
    }
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
  }
  let bytes = 0;
  for (const name of await readdir(folder)) bytes += (await stat(join(folder, name))).size;
  return { folder, count: COUNT, meanBytes: bytes / COUNT };
}

/** @param {Pictures} pictures */
export async function readPictures({ folder }) {
  const names = (await readdir(folder)).sort();
  return Promise.all(names.map((name) => readFile(join(folder, name))));
}

/**
 * A scene that a camera could have seen: soft light, hard edges, something that moves, and the
 * noise of a sensor, of which there is as much as makes the picture as large as it shall be.
 *
 * @param {number} index
 */
async function drawPicture(index) {
  const scene = await sharp(Buffer.from(sceneSvg(index)))
    .removeAlpha()
    .raw()
    .toBuffer();
  const noise = sensorNoise(scene.length, index + 1);
  let low = 0;
  let high = 40;
  let picture = Buffer.alloc(0);
  for (let step = 0; step < 12; step += 1) {
    const amount = (low + high) / 2;
    picture = await encode(scene, noise, amount);
    if (Math.abs(picture.length - TARGET_BYTES) < TOLERANCE / 4) return picture;
    if (picture.length > TARGET_BYTES) high = amount;
    else low = amount;
  }
  if (Math.abs(picture.length - TARGET_BYTES) <= TOLERANCE) return picture;
  throw new Error(`Picture ${index} has ${picture.length} bytes, and not ${TARGET_BYTES}.`);
}

/**
 * @param {Buffer} scene
 * @param {Float32Array} noise
 * @param {number} amount
 */
function encode(scene, noise, amount) {
  const pixels = Buffer.allocUnsafe(scene.length);
  for (let at = 0; at < scene.length; at += 1) {
    const value = (scene[at] ?? 0) + (noise[at] ?? 0) * amount;
    pixels[at] = Math.max(0, Math.min(255, value));
  }
  const raw = { width, height, channels: /** @type {const} */ (3) };
  return sharp(pixels, { raw }).jpeg({ quality: 75 }).toBuffer();
}

/**
 * -0.5 to 0.5 for each pixel, the same in its three colours; the same for the same seed everywhere.
 *
 * @param {number} length
 * @param {number} seed
 */
function sensorNoise(length, seed) {
  const noise = new Float32Array(length);
  let state = seed * 2654435761;
  for (let at = 0; at < length; at += 3) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    noise.fill(state / 2 ** 32 - 0.5, at, at + 3);
  }
  return noise;
}

/** @param {number} index */
function sceneSvg(index) {
  const x = 100 + index * 36;
  const windows = Array.from({ length: 40 }, (_, n) => {
    const [left, top] = [80 + (n % 10) * 112, 120 + Math.floor(n / 10) * 90];
    return `<rect x="${left}" y="${top}" width="70" height="56" fill="hsl(${n * 9},30%,${30 + n}%)"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="#9db4c8"/><stop offset="1" stop-color="#4b4338"/></linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#sky)"/>
    <rect x="40" y="80" width="1200" height="420" fill="#8a7f72"/>${windows.join('')}
    <circle cx="${x}" cy="590" r="60" fill="#c33"/><rect x="${x - 25}" y="560" width="50" height="60" fill="#eee"/>
    <text x="900" y="680" font-size="60" font-family="sans-serif" fill="#fff">${String(index).padStart(4, '0')}</text></svg>`;
}

/** @param {Buffer} jpeg */
function withRoomForStamp(jpeg) {
  const text = Buffer.from(STAMP_TEXT + '0'.repeat(STAMP_DIGITS), 'latin1');
  const comment = Buffer.from([0xff, 0xfe, 0, text.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), comment, text, jpeg.subarray(2)]);
}
