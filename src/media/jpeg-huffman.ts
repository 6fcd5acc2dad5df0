/** Codes of up to so many bits are looked up at once; longer ones are rare. */
export const LOOK_BITS = 10;
const LONGEST_CODE = 16;

/** A Huffman table of a JPEG (ITU T.81, annex C and F.2.2.3), made for reading. */
export class HuffmanTable {
  /** By the next 10 bits: length of the code in the upper byte, its symbol in the lower; 0: longer. */
  readonly look = new Uint16Array(1 << LOOK_BITS);
  readonly #symbols: Uint8Array;
  readonly #lastCode = new Int32Array(LONGEST_CODE + 1).fill(-1);
  /** Index of a symbol, less its code, by the length of the code. */
  readonly #offset = new Int32Array(LONGEST_CODE + 1);

  /**
   * @param counts how many codes there are of 1 to 16 bits
   * @param symbols in the order of their codes
   */
  constructor(counts: Uint8Array, symbols: Uint8Array) {
    this.#symbols = symbols;
    let code = 0;
    let index = 0;
    for (let length = 1; length <= LONGEST_CODE; length += 1) {
      const count = counts[length - 1] ?? 0;
      this.#offset[length] = index - code;
      for (let more = 0; more < count && length <= LOOK_BITS; more += 1) {
        const first = (code + more) << (LOOK_BITS - length);
        const entry = (length << 8) | (symbols[index + more] ?? 0);
        this.look.fill(entry, first, first + (1 << (LOOK_BITS - length)));
      }
      code += count;
      index += count;
      if (count > 0) this.#lastCode[length] = code - 1;
      code <<= 1;
    }
  }

  /** As `look`, for a code longer than 10 bits at the beginning of these 32. 0: there is none. */
  readLong(bits: number): number {
    for (let length = LOOK_BITS + 1; length <= LONGEST_CODE; length += 1) {
      const code = bits >>> (32 - length);
      if (code <= (this.#lastCode[length] ?? -1)) {
        return (length << 8) | (this.#symbols[code + (this.#offset[length] ?? 0)] ?? 0);
      }
    }
    return 0;
  }
}
