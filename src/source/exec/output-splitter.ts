import { FramehubError } from '../../errors.ts';
import { JpegSplitter } from '../../media/jpeg-splitter.ts';
import { MultipartParser } from '../../media/multipart-parser.ts';

const DASH = '-'.charCodeAt(0);

/** Cuts the output of a command into pictures: multipart when it begins with a boundary. */
export class OutputSplitter {
  readonly #maxPictureBytes: number;
  #push: ((chunk: Buffer) => readonly Buffer[]) | undefined;

  constructor(maxPictureBytes: number) {
    this.#maxPictureBytes = maxPictureBytes;
  }

  /** @throws FramehubError PICTURE_TOO_LARGE, PICTURE_INVALID */
  push(chunk: Buffer): readonly Buffer[] {
    this.#push ??= this.#splitter(chunk);
    return this.#push(chunk);
  }

  #splitter(first: Buffer): (chunk: Buffer) => readonly Buffer[] {
    // A JPEG begins with 0xFF, so one byte tells.
    if (first[0] !== DASH) {
      return this.#jpegs();
    }
    const parts = new MultipartParser({ maxPartBytes: this.#maxPictureBytes });
    return (chunk) => parts.push(chunk).map(({ body }) => body);
  }

  #jpegs(): (chunk: Buffer) => readonly Buffer[] {
    const splitter = new JpegSplitter(this.#maxPictureBytes);
    let without = 0;
    return (chunk) => {
      const pictures = splitter.push(chunk);
      without = pictures.length > 0 ? 0 : without + chunk.length;
      // Twice: garbage may come before the largest picture there is.
      if (without <= 2 * this.#maxPictureBytes) return pictures;
      throw new FramehubError(
        'SOURCE_NOT_PICTURES',
        `Expected JPEG pictures from the command, but its last ${without} bytes hold none.`,
        { help: 'The command must write JPEG pictures, and nothing else, to its standard output.' },
      );
    };
  }
}
