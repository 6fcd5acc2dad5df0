type Place = 'marker' | 'data' | 'code' | 'again' | 'high' | 'low' | 'skip';

/** `end`: the picture's own end marker. `again`: another picture begins before this one ended. */
type JpegEdge = 'end' | 'again';

/** FF D8 FF: how every JPEG begins. */
export const JPEG_START = Buffer.from([0xff, 0xd8, 0xff]);

/**
 * Finds where one JPEG ends, however its bytes are cut into chunks, holding none of them. Walks
 * markers and segments (ITU T.81 B.1.1): an EXIF thumbnail, restart markers, stuffed zeros and fill
 * bytes do not fool it. Damage between segments is stepped over, as decoders do.
 */
export class JpegEndFinder {
  #edge: JpegEdge = 'end';
  #place: Place = 'code';
  #high = 0;
  #left = 0;
  #scan = false;

  /** What the last `find` that returned an offset met. */
  get edge(): JpegEdge {
    return this.#edge;
  }

  /** A picture has begun; the next byte read is the one after JPEG_START. */
  begin(): void {
    this.#place = 'code';
    this.#scan = false;
  }

  /**
   * Reads on from `from`. Returns the offset just after FF D9 (`end`) or after the JPEG_START of
   * another picture (`again`); -1 when the chunk was read to its end without meeting either.
   */
  find(chunk: Uint8Array, from: number): number {
    let at = from;
    while (at < chunk.length) {
      if (this.#place === 'data' || this.#place === 'marker') {
        // Both go on to the next FF: bytes between two segments are damage.
        const next = chunk.indexOf(0xff, at);
        if (next < 0) return -1;
        at = next + 1;
        this.#place = 'code';
      } else if (this.#place === 'skip') {
        const step = Math.min(this.#left, chunk.length - at);
        at += step;
        this.#left -= step;
        if (this.#left === 0) this.#resume();
      } else {
        const edge = this.#step(chunk[at] ?? 0);
        at += 1;
        if (edge) {
          this.#edge = edge;
          return at;
        }
      }
    }
    return -1;
  }

  #step(byte: number): JpegEdge | undefined {
    switch (this.#place) {
      case 'again':
        if (byte === 0xff) return 'again';
        this.#resume();
        return undefined;
      case 'high':
        this.#high = byte;
        this.#place = 'low';
        return undefined;
      case 'low':
        this.#left = ((this.#high << 8) | byte) - 2;
        if (this.#left > 0) this.#place = 'skip';
        else this.#resume();
        return undefined;
      default:
        return this.#marker(byte);
    }
  }

  #marker(code: number): JpegEdge | undefined {
    if (code === 0xff) return undefined;
    if (code === 0xd9) return 'end';
    if (code === 0xd8) {
      this.#place = 'again';
    } else if (code === 0x00 || code === 0x01 || (code >= 0xd0 && code <= 0xd7)) {
      this.#resume();
    } else {
      // A scan's own header is followed by entropy-coded data, any other segment by a marker.
      this.#scan = code === 0xda;
      this.#place = 'high';
    }
    return undefined;
  }

  #resume(): void {
    this.#place = this.#scan ? 'data' : 'marker';
  }
}
