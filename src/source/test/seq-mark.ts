/**
 * The number of a picture, written into it for machines. It survives JPEG and being made smaller,
 * down to 320 pixels of width and less, as long as nothing is cut off.
 *
 * Geometry: the top tenth of the picture, over its full width, in 2 rows of 20 equal blocks. Block
 * `column` (0-19) of `row` (0-1) covers
 *
 *     x from column * width / 20  to (column + 1) * width / 20
 *     y from row * height / 20    to (row + 1) * height / 20
 *
 * A white block (luma 235) is a 1, a black one (luma 16) a 0. The 40 bits, row after row from the
 * left, most significant first, are 32 bits of `seq` modulo 2^32 and 8 bits of its checksum: CRC-8
 * with polynomial 0x07, initial value 0x5a, not reflected, no final xor, over the 4 bytes of seq,
 * most significant byte first.
 *
 * To read: take the mean luma of the middle half of each block in both directions; below 96 is a 0,
 * above 160 a 1; anything between, or a wrong checksum, means there is no mark to be read.
 */
const COLUMNS = 20;
const ROWS = 2;
export const MARK_WHITE = 235;
export const MARK_BLACK = 16;
const SURELY_BLACK = 96;
const SURELY_WHITE = 160;

export interface MarkBlock {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly bit: 0 | 1;
}

/** The blocks to be drawn for `seq`, in whole pixels; `right` and `bottom` are not part of them. */
export function seqMark(seq: number, width: number, height: number): MarkBlock[] {
  const number = (BigInt(seq) & 0xffffffffn) << 8n;
  const bits = number | BigInt(checksum(seq));
  return Array.from({ length: ROWS * COLUMNS }, (_, index) => {
    const column = index % COLUMNS;
    const row = Math.floor(index / COLUMNS);
    return {
      left: Math.round((column * width) / COLUMNS),
      right: Math.round(((column + 1) * width) / COLUMNS),
      top: Math.round((row * height) / COLUMNS),
      bottom: Math.round(((row + 1) * height) / COLUMNS),
      bit: (bits >> BigInt(ROWS * COLUMNS - 1 - index)) & 1n ? 1 : 0,
    };
  });
}

/**
 * The `seq` (modulo 2^32) in a decoded picture, or undefined when it holds no readable mark.
 *
 * @param luma one byte a pixel, row after row.
 */
export function readSeqMark(luma: Uint8Array, width: number, height: number): number | undefined {
  let seq = 0;
  let check = 0;
  for (let index = 0; index < ROWS * COLUMNS; index++) {
    const mean = middleOf(luma, width, height, index % COLUMNS, Math.floor(index / COLUMNS));
    if (mean >= SURELY_BLACK && mean <= SURELY_WHITE) return undefined;
    const bit = mean > SURELY_WHITE ? 1 : 0;
    if (index < 32) seq = seq * 2 + bit;
    else check = check * 2 + bit;
  }
  return check === checksum(seq) ? seq : undefined;
}

/** Mean luma of the middle half of a block; of at least one pixel. */
function middleOf(
  luma: Uint8Array,
  width: number,
  height: number,
  column: number,
  row: number,
): number {
  const left = Math.floor(((column + 0.25) * width) / COLUMNS);
  const right = Math.max(left + 1, Math.floor(((column + 0.75) * width) / COLUMNS));
  const top = Math.floor(((row + 0.25) * height) / COLUMNS);
  const bottom = Math.max(top + 1, Math.floor(((row + 0.75) * height) / COLUMNS));
  let sum = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) sum += luma[y * width + x] ?? 0;
  }
  return sum / ((right - left) * (bottom - top));
}

function checksum(seq: number): number {
  let crc = 0x5a;
  for (const shift of [24, 16, 8, 0]) {
    // A shift works on the number modulo 2^32, as the mark does.
    crc ^= (seq >>> shift) & 0xff;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1;
  }
  return crc;
}
