import { ByteCollector } from './byte-collector.ts';
import { startsLikeJpeg } from './jpeg.ts';
import { JPEG_START, JpegEndFinder } from './jpeg-end.ts';
import type { Boundary } from './multipart-boundary.ts';

/** Bytes taken at a time, so that little is copied that belongs to later parts. */
const PIECE = 8 * 1024;

/** How a body ended, and where reading goes on. */
interface BodyEnd {
  readonly body: Buffer;
  /** Bytes of earlier chunks that come after the body: the beginning of the boundary. */
  readonly held: Buffer;
  /** Offset in the chunk. */
  readonly next: number;
  /** Another JPEG began inside this one; it is the next body, and its first bytes were read. */
  readonly again: boolean;
}

/**
 * A part's body whose length is not known: it ends before the boundary, or with the end of the JPEG
 * it is, whichever comes first. (The boundary often comes only with the next picture, which would
 * show every picture one late.)
 */
export class SearchedBody {
  readonly #maxBytes: number;
  readonly #limit: number;
  readonly #bytes: ByteCollector;
  readonly #finder = new JpegEndFinder();
  #searched = 0;
  #jpeg = false;

  /** @param room bytes of a boundary that may be collected before it is recognised */
  constructor(maxBytes: number, room: number) {
    this.#maxBytes = maxBytes;
    this.#limit = maxBytes + room;
    this.#bytes = new ByteCollector(this.#limit);
  }

  get held(): number {
    return this.#bytes.held;
  }

  begin(): void {
    this.#bytes.clear();
    this.#searched = 0;
    this.#jpeg = false;
  }

  /** Reads on; `undefined` when the chunk was read to its end, `too-large` when the body is. */
  read(
    chunk: Buffer,
    from: number,
    boundary: Boundary | undefined,
  ): BodyEnd | 'too-large' | undefined {
    let at = from;
    while (at < chunk.length) {
      const before = this.#bytes.length;
      const free = this.#limit - before;
      if (free <= 0) return 'too-large';
      const piece = chunk.subarray(at, at + Math.min(PIECE, free));
      this.#bytes.append(piece);
      const jpegEnd = this.#findJpegEnd(piece, before);
      const again = jpegEnd !== undefined && this.#finder.edge === 'again';
      const until =
        jpegEnd === undefined ? this.#bytes.length : jpegEnd - (again ? JPEG_START.length : 0);
      const separator = boundary?.find(this.#bytes.bytes.subarray(0, until), this.#searched, false);
      if (separator?.found) {
        if (separator.bodyEnd > this.#maxBytes) return 'too-large';
        const held = Buffer.from(
          this.#bytes.bytes.subarray(separator.start, Math.max(separator.start, before)),
        );
        const next = at + Math.max(0, separator.start - before);
        return { body: this.#bytes.take(separator.bodyEnd), held, next, again: false };
      }
      if (jpegEnd !== undefined) {
        if (until > this.#maxBytes) return 'too-large';
        const next = at + jpegEnd - before;
        const body = this.#bytes.take(until);
        if (again) this.#beginAgain();
        return { body, held: Buffer.alloc(0), next, again };
      }
      this.#searched = separator?.resume ?? 0;
      at += piece.length;
    }
    return undefined;
  }

  /** The stream ended: what there is, unless it is a JPEG that was cut off. */
  end(boundary: Boundary | undefined): Buffer | 'too-large' | undefined {
    const separator = boundary?.find(this.#bytes.bytes, this.#searched, true);
    const length = separator?.found ? separator.bodyEnd : this.#bytes.length;
    if (this.#jpeg && !separator?.found) return undefined;
    return length > this.#maxBytes ? 'too-large' : this.#bytes.take(length);
  }

  release(): void {
    this.begin();
    this.#bytes.release();
  }

  /** Offset in the collected bytes. */
  #findJpegEnd(piece: Buffer, before: number): number | undefined {
    let from = before;
    if (!this.#jpeg) {
      // The first three bytes tell, once they are there.
      if (before >= JPEG_START.length || !startsLikeJpeg(this.#bytes.bytes)) return undefined;
      this.#jpeg = true;
      this.#finder.begin();
      from = JPEG_START.length;
    }
    const end = this.#finder.find(piece, from - before);
    return end < 0 ? undefined : before + end;
  }

  #beginAgain(): void {
    this.begin();
    this.#bytes.append(JPEG_START);
    this.#jpeg = true;
    this.#finder.begin();
  }
}
