import type { Dialect } from './dialect.ts';
import type { StreamPicture } from './stream-picture.ts';

/** Larger than the first picture needs: the next ones are not all as small. */
const SPARE = 1.25;

/** The bytes of one picture in one dialect, as all of its viewers get them. */
export interface SharedPart {
  readonly picture: StreamPicture;
  readonly bytes: Buffer;
  /** Viewers to whom these bytes are still being written. */
  holders: number;
}

/**
 * Builds the parts of one dialect. The memory of a part serves the next one when nobody holds it any
 * more: pictures that each take fresh memory make V8 collect its whole heap every few seconds.
 */
export class PartBuilder {
  readonly #dialect: Dialect;
  readonly #boundary: string;
  #room: Buffer = Buffer.alloc(0);
  #newest: SharedPart | undefined;

  constructor(dialect: Dialect, boundary: string) {
    this.#dialect = dialect;
    this.#boundary = boundary;
  }

  get newest(): SharedPart | undefined {
    return this.#newest;
  }

  /** The part of the newest picture. */
  build(picture: StreamPicture): SharedPart {
    if (this.#newest !== undefined && this.#newest.holders > 0) this.#room = Buffer.alloc(0);
    const bytes = this.#dialect.part(this.#boundary, picture, (length) => this.#take(length));
    this.#newest = { picture, bytes, holders: 0 };
    return this.#newest;
  }

  #take(length: number): Buffer {
    if (length > this.#room.length) {
      this.#room = Buffer.allocUnsafeSlow(Math.ceil(length * SPARE));
    }
    return this.#room.subarray(0, length);
  }
}
