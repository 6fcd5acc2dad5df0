import { FramehubError } from '../errors.ts';
import { ByteCollector } from './byte-collector.ts';
import { JPEG_START, JpegEndFinder } from './jpeg-end.ts';

/**
 * Splits JPEG pictures written one after the other (a `.mjpeg` file, the standard output of a
 * camera program) by walking their markers. Anything between pictures is skipped. A picture that
 * breaks off because the next begins is handed over as it is: whoever shows it checks it.
 */
export class JpegSplitter {
  readonly #maxPictureBytes: number;
  readonly #finder = new JpegEndFinder();
  readonly #picture: ByteCollector;
  /** How many bytes of JPEG_START were just seen; all of them: inside a picture. */
  #matched = 0;
  #failure: FramehubError | undefined;

  /** @param maxPictureBytes a larger picture is an error, and no more memory than that is taken for it. */
  constructor(maxPictureBytes: number) {
    this.#maxPictureBytes = maxPictureBytes;
    this.#picture = new ByteCollector(maxPictureBytes + JPEG_START.length);
  }

  /** Bytes of memory held for an unfinished picture. */
  get held(): number {
    return this.#picture.held;
  }

  /**
   * The pictures that `chunk` completes, in order; each is a copy of its own.
   *
   * @throws FramehubError PICTURE_TOO_LARGE, after the pictures before it were returned; then at
   *   every call.
   */
  push(chunk: Uint8Array): Buffer[] {
    if (this.#failure) throw this.#failure;
    const pictures: Buffer[] = [];
    this.#read(chunk, pictures);
    if (this.#failure && pictures.length === 0) throw this.#failure;
    return pictures;
  }

  /**
   * No more bytes will come. Returns how many bytes of an unfinished picture were left over: 0 when
   * the last picture was whole.
   *
   * @throws FramehubError PICTURE_TOO_LARGE when that is still to be told
   */
  end(): number {
    if (this.#failure) throw this.#failure;
    const left = this.#picture.length;
    this.#picture.release();
    this.#matched = 0;
    return left;
  }

  #read(chunk: Uint8Array, pictures: Buffer[]): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#matched < JPEG_START.length) {
        at = this.#seek(chunk, at);
        continue;
      }
      const edge = this.#finder.find(chunk, at);
      const until = edge < 0 ? chunk.length : edge;
      const again = edge >= 0 && this.#finder.edge === 'again';
      // Without an edge, the last two bytes may turn out to be the next picture's.
      const foreign = again ? JPEG_START.length : edge < 0 ? JPEG_START.length - 1 : 0;
      const length = this.#picture.length + (until - at) - foreign;
      if (length > this.#maxPictureBytes) {
        this.#fail();
        return;
      }
      this.#picture.append(chunk.subarray(at, until));
      at = until;
      if (edge < 0) return;
      pictures.push(this.#picture.take(length));
      if (again) this.#begin();
      else this.#matched = 0;
    }
  }

  /** Reads on to the end of the next JPEG_START; returns where it stopped. */
  #seek(chunk: Uint8Array, from: number): number {
    let at = from;
    if (this.#matched === 0) {
      const next = chunk.indexOf(0xff, at);
      if (next < 0) return chunk.length;
      at = next;
    }
    const byte = chunk[at];
    if (byte === JPEG_START[this.#matched]) this.#matched += 1;
    else this.#matched = byte === 0xff ? 1 : 0;
    if (this.#matched === JPEG_START.length) this.#begin();
    return at + 1;
  }

  #begin(): void {
    this.#matched = JPEG_START.length;
    this.#finder.begin();
    this.#picture.append(JPEG_START);
  }

  #fail(): void {
    this.#picture.release();
    this.#failure = new FramehubError(
      'PICTURE_TOO_LARGE',
      `A JPEG picture did not end within the ${this.#maxPictureBytes} bytes one may have.`,
    );
  }
}
