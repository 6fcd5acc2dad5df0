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
  readonly #after: Buffer;
  #room: Buffer = Buffer.alloc(0);
  #newest: SharedPart | undefined;

  constructor(dialect: Dialect, boundary: string) {
    this.#dialect = dialect;
    this.#after = Buffer.from(dialect.after(boundary), 'latin1');
  }

  get newest(): SharedPart | undefined {
    return this.#newest;
  }

  /** The part of the newest picture. */
  build(picture: StreamPicture): SharedPart {
    if (this.#newest !== undefined && this.#newest.holders > 0) this.#room = Buffer.alloc(0);
    this.#newest = this.#write(picture, (length) => {
      if (length > this.#room.length) {
        this.#room = Buffer.allocUnsafeSlow(Math.ceil(length * SPARE));
      }
      return this.#room.subarray(0, length);
    });
    return this.#newest;
  }

  /** The part of an older picture, in memory of its own. */
  buildAgain(picture: StreamPicture): SharedPart {
    return this.#write(picture, Buffer.allocUnsafe);
  }

  #write(picture: StreamPicture, take: (length: number) => Buffer): SharedPart {
    const before = this.#dialect.before(picture);
    const after = before.length + picture.data.length;
    const bytes = take(after + this.#after.length);
    bytes.write(before, 'latin1');
    bytes.set(picture.data, before.length);
    bytes.set(this.#after, after);
    return { picture, bytes, holders: 0 };
  }
}
