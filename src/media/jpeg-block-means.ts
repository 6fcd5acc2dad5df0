import { LOOK_BITS } from './jpeg-huffman.ts';
import { type JpegScan, readJpegScan } from './jpeg-scan.ts';
import type { Pixels } from './pixels.ts';

/** More pixels than this are decoded elsewhere: what comes from outside must not take our memory. */
const MOST_PIXELS = 64 * 1024 * 1024;
/** Bytes after the data, so that reading ahead needs no check. */
const MARGIN = 8;
const COEFFICIENTS = 64;
/** Symbol of a run of 16 zeros. */
const LONG_RUN = 0xf0;

/**
 * The mean brightness of each block of 8x8 pixels: the picture at an eighth of its size, read from
 * the Huffman codes without computing a single pixel.
 *
 * @returns undefined for what is damaged or no baseline JPEG of one scan: decode that another way
 */
export function blockMeans(jpeg: Buffer): Pixels | undefined {
  const scan = readJpegScan(jpeg);
  if (scan === undefined || scan.width * scan.height > MOST_PIXELS) return undefined;
  const [brightness] = scan.components;
  if (brightness === undefined) return undefined;
  const across = Math.max(...scan.components.map((component) => component.across));
  const down = Math.max(...scan.components.map((component) => component.down));
  // The blocks of brightness are then 8x8 pixels of the picture.
  if (brightness.across !== across || brightness.down !== down) return undefined;
  const unitsAcross = Math.ceil(scan.width / (8 * across));
  const units = unitsAcross * Math.ceil(scan.height / (8 * down));
  const width = Math.ceil(scan.width / 8);
  const height = Math.ceil(scan.height / 8);
  const means = new Means(scan, width, height, unitsAcross);
  let from = scan.start;
  const interval = scan.restart === 0 ? units : scan.restart;
  for (let unit = 0; unit < units; unit += interval) {
    const part = entropyData(jpeg, from);
    if (part === undefined || !means.read(part.data, unit, Math.min(units, unit + interval))) {
      return undefined;
    }
    from = part.next;
  }
  return { data: means.data, width, height };
}

/** The data up to the next marker, without the zeros stuffed after each 0xff, and what follows that. */
function entropyData(jpeg: Buffer, start: number) {
  const data = new Uint8Array(jpeg.length - start + MARGIN);
  let length = 0;
  for (let from = start; ; ) {
    const at = jpeg.indexOf(0xff, from);
    if (at === -1 || at + 1 >= jpeg.length) return undefined;
    data.set(jpeg.subarray(from, at), length);
    length += at - from;
    from = at + 2;
    if (jpeg[at + 1] !== 0) return { data: data.subarray(0, length + MARGIN), next: from };
    data[length] = 0xff;
    length += 1;
  }
}

class Means {
  readonly data: Buffer;
  readonly #scan: JpegScan;
  readonly #width: number;
  readonly #height: number;
  readonly #unitsAcross: number;

  constructor(scan: JpegScan, width: number, height: number, unitsAcross: number) {
    this.data = Buffer.alloc(width * height);
    this.#scan = scan;
    this.#width = width;
    this.#height = height;
    this.#unitsAcross = unitsAcross;
  }

  /**
   * Reads units up to the next restart. False when the data is not what it should be.
   *
   * This runs for every bit of a picture five times a second, so it is one loop over local numbers.
   */
  read(data: Uint8Array, first: number, end: number): boolean {
    const { components, step } = this.#scan;
    const bits = (data.length - MARGIN) * 8;
    let at = 0;
    let mean = 0;
    for (let unit = first; unit < end; unit += 1) {
      for (let index = 0; index < components.length; index += 1) {
        const component = components[index];
        if (component === undefined) return false;
        const { dc, ac } = component;
        const blocks = component.across * component.down;
        for (let block = 0; block < blocks; block += 1) {
          if (at > bits) return false;
          let next = peek(data, at);
          let entry = dc.look[next >>> (32 - LOOK_BITS)] || dc.readLong(next);
          if (entry === 0) return false;
          const size = entry & 0xff;
          if (size > 11) return false;
          at += entry >> 8;
          if (index === 0) {
            if (size > 0) mean += signed(peek(data, at) >>> (32 - size), size);
            this.#set(unit, block, component.across, mean * step + 128);
          }
          at += size;
          for (let coefficient = 1; coefficient < COEFFICIENTS; ) {
            next = peek(data, at);
            entry = ac.look[next >>> (32 - LOOK_BITS)] || ac.readLong(next);
            if (entry === 0) return false;
            const symbol = entry & 0xff;
            at += (entry >> 8) + (symbol & 15);
            if ((symbol & 15) !== 0) coefficient += (symbol >> 4) + 1;
            else if (symbol === LONG_RUN) coefficient += 16;
            else break;
          }
        }
      }
    }
    return at <= bits;
  }

  #set(unit: number, block: number, across: number, level: number): void {
    const { components } = this.#scan;
    const down = components[0]?.down ?? 1;
    const x = (unit % this.#unitsAcross) * across + (block % across);
    const y = Math.floor(unit / this.#unitsAcross) * down + Math.floor(block / across);
    if (x >= this.#width || y >= this.#height) return;
    this.data[y * this.#width + x] = Math.max(0, Math.min(255, level));
  }
}

/** The 25 to 32 bits from here on, in the upper bits of the result. */
function peek(data: Uint8Array, at: number): number {
  const byte = at >> 3;
  const word =
    ((data[byte] ?? 0) << 24) |
    ((data[byte + 1] ?? 0) << 16) |
    ((data[byte + 2] ?? 0) << 8) |
    (data[byte + 3] ?? 0);
  return word << (at & 7);
}

/** A difference of `size` bits as T.81 writes it: those that begin with 0 are negative. */
function signed(value: number, size: number): number {
  return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
}
