import { type ErrorCode, FramehubError } from '../errors.ts';
import { ByteCollector } from './byte-collector.ts';
import { CountedBody } from './counted-body.ts';
import { announcedIn, HeaderBlock, headersOf, type PartHeaders } from './header-block.ts';
import { type Line, LineReader } from './line-reader.ts';
import { Boundary } from './multipart-boundary.ts';
import { SearchedBody } from './searched-body.ts';

/** One part. Its headers are read when they are asked for. */
export class Part {
  /** Never empty. It may be kept: no memory that is written again. */
  readonly body: Buffer;
  #headers: PartHeaders | string;

  /** @param headers or the lines they stand in */
  constructor(headers: PartHeaders | string, body: Buffer) {
    this.#headers = headers;
    this.body = body;
  }

  /** Names in lower case, values trimmed. The last one wins where a name is repeated. */
  get headers(): PartHeaders {
    if (typeof this.#headers === 'string') this.#headers = headersOf(this.#headers);
    return this.#headers;
  }
}

export interface MultipartOptions {
  /** As `boundaryOf` gives it. Default: the first line that looks like one. */
  readonly boundary?: string;
  /** Longest block of headers of one part, bytes. Default 16 KiB. */
  readonly maxHeaderBytes?: number;
  /** Largest body of one part, bytes. */
  readonly maxPartBytes: number;
}

/** RFC 2046 allows 70 characters; some cameras take more. */
const MAX_LEARNED_BOUNDARY = 200;
const CR = 0x0d;
const LF = 0x0a;
const DASH = 0x2d;
const BLOCK_END = Buffer.from('\r\n\r\n');
/** A line that is empty, goes on from the one before it, or may be a boundary. */
const ODD_LINE = /(?:^|\n)[-\s]/;
const HEADER_LINE = /^(?:content-|x-)[a-z0-9-]+[ \t]*:/i;

/**
 * The boundary a Content-Type announces, without quotes and without leading dashes: cameras write
 * `boundary=x`, `boundary="x"`, `boundary=--x` and mean the same. `undefined` when there is none.
 */
export function boundaryOf(contentType: string): string | undefined {
  const match = /;\s*boundary\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))/i.exec(contentType);
  const text = match?.[1]?.replace(/\\(.)/g, '$1') ?? match?.[2];
  return text?.trim().replace(/^-+/, '') || undefined;
}

type State =
  /** Looking for a boundary, or for headers that come without one. */
  | 'between'
  | 'headers'
  /** After an empty line right behind the boundary: a JPEG begins, or headers come after all. */
  | 'gap'
  /** In a body whose length was announced. */
  | 'counted'
  /** The announced length is there, but it does not look whole: does a boundary follow? */
  | 'doubt'
  /** In a body whose end must be found. */
  | 'searched';

/**
 * Reads multipart/x-mixed-replace as cameras really write it: without Content-Length or with a wrong
 * one, bare line feeds, no first boundary, doubled or missing boundaries, garbage between parts.
 *
 * With a Content-Length the body is copied once and not looked through. Without one, or after one
 * was found wrong, a part ends at the boundary or where its JPEG ends.
 */
export class MultipartParser {
  readonly #maxHeaderBytes: number;
  readonly #maxPartBytes: number;
  /** Most bytes a boundary takes. */
  readonly #room: number;
  readonly #lines: LineReader;
  readonly #headers = new HeaderBlock();
  /** The lines of a header block that was read in one piece. */
  #block: string | undefined;
  readonly #counted = new CountedBody();
  /** The bytes behind a doubtful body. */
  readonly #behind: ByteCollector;
  readonly #searched: SearchedBody;
  #boundary: Boundary | undefined;
  #state: State = 'between';
  /** False once an announced length was wrong: from then on every end is searched. */
  #trusting = true;
  #parts: Part[] = [];
  #failure: FramehubError | undefined;

  constructor(options: MultipartOptions) {
    const boundary = options.boundary?.replace(/^-+/, '');
    this.#boundary = boundary ? new Boundary(boundary) : undefined;
    this.#maxHeaderBytes = options.maxHeaderBytes ?? 16 * 1024;
    this.#maxPartBytes = options.maxPartBytes;
    this.#room = (this.#boundary ?? new Boundary('x'.repeat(MAX_LEARNED_BOUNDARY))).room;
    this.#lines = new LineReader(Math.max(this.#maxHeaderBytes, this.#room), this.#room);
    this.#behind = new ByteCollector(this.#room);
    this.#searched = new SearchedBody(this.#maxPartBytes, this.#room);
  }

  /** Bytes of memory held for what is not yet a part. */
  get held(): number {
    const bodies = this.#counted.held + this.#behind.held + this.#searched.held;
    return bodies + this.#lines.held + this.#headers.bytes;
  }

  /**
   * The parts that `chunk` completes, in order. The chunk must not be written again: a part may stay
   * in it.
   *
   * @throws FramehubError PICTURE_TOO_LARGE (a body over its cap, or announced to be),
   *   PICTURE_INVALID (headers over their cap); after the parts before it were returned, then at
   *   every call.
   */
  push(chunk: Buffer): Part[] {
    if (!this.#failure) this.#read(chunk);
    return this.#hand();
  }

  /** No more bytes will come: the last part, where it ended without a boundary. Throws as `push`. */
  end(): Part[] {
    if (!this.#failure && this.#state === 'doubt') this.#emit(this.#counted.take());
    if (!this.#failure && this.#state === 'searched') {
      const body = this.#searched.end(this.#boundary);
      if (body === 'too-large') this.#failTooLarge();
      else if (body) this.#emit(body);
    }
    this.#release();
    this.#state = 'between';
    return this.#hand();
  }

  #hand(): Part[] {
    const parts = this.#parts;
    if (parts.length === 0 && this.#failure) throw this.#failure;
    this.#parts = [];
    return parts;
  }

  #read(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && !this.#failure) {
      switch (this.#state) {
        case 'between':
        case 'headers':
          at = this.#readBlock(chunk, at) ?? this.#readLine(chunk, at);
          break;
        case 'gap':
          if (chunk[at] === 0xff) this.#beginBody();
          else this.#state = 'headers';
          break;
        case 'counted':
          at = this.#count(chunk, at);
          break;
        case 'doubt':
          at = this.#doubt(chunk, at);
          break;
        case 'searched':
          at = this.#search(chunk, at);
          break;
      }
    }
  }

  /**
   * What nearly every part begins with: all of its headers in one chunk, behind the boundary, and a
   * usable length among them. Undefined when it is not that, and then nothing was read.
   */
  #readBlock(chunk: Buffer, from: number): number | undefined {
    if (!this.#trusting || this.#lines.isBegun) return undefined;
    const behind = this.#state === 'headers' && this.#headers.bytes === 0;
    const begin = behind ? from : this.#passBoundary(chunk, from);
    if (begin === undefined) return undefined;
    const end = chunk.indexOf(BLOCK_END, begin);
    if (end < 0 || end + BLOCK_END.length - begin > this.#maxHeaderBytes) return undefined;
    const lines = chunk.toString('latin1', begin, end + 2);
    if (ODD_LINE.test(lines)) return undefined;
    const length = announcedIn(lines);
    if (length === undefined || length === 0 || length > this.#maxPartBytes) return undefined;
    this.#headers.begin();
    this.#block = lines;
    this.#counted.begin(length);
    this.#state = 'counted';
    return end + BLOCK_END.length;
  }

  /** Where the headers begin, when the boundary comes next, at most behind an empty line. */
  #passBoundary(chunk: Buffer, from: number): number | undefined {
    const opening = this.#boundary?.opening;
    if (opening === undefined || this.#state === 'headers') return undefined;
    const begin = chunk[from] === CR && chunk[from + 1] === LF ? from + 2 : from;
    const end = begin + opening.length;
    const there = chunk[begin] === DASH && chunk.toString('latin1', begin, end) === opening;
    return there ? end : undefined;
  }

  #readLine(chunk: Buffer, from: number): number {
    const feed = chunk.indexOf(LF, from);
    const next = feed < 0 ? chunk.length : feed + 1;
    if (this.#state === 'headers') {
      this.#headers.count(next - from);
      if (this.#headers.bytes > this.#maxHeaderBytes) {
        const limit = `${this.#maxHeaderBytes} bytes`;
        this.#fail('PICTURE_INVALID', `The headers of a part did not end within ${limit}.`);
        return chunk.length;
      }
    }
    if (feed < 0) {
      this.#lines.begin(chunk.subarray(from));
    } else {
      const line = this.#lines.finish(chunk, from, feed);
      if (this.#state === 'headers') this.#header(line.bytes);
      else this.#between(line);
    }
    return next;
  }

  #between({ bytes, tooLong }: Line): void {
    const text = tooLong ? '' : bytes.toString('latin1').trimEnd();
    if (HEADER_LINE.test(text)) {
      this.#beginHeaders();
      this.#headers.count(bytes.length + 1);
      this.#headers.add(text);
      return;
    }
    if (!this.#boundary && text.startsWith('--') && text.length <= MAX_LEARNED_BOUNDARY) {
      const learned = text.replace(/^-+/, '');
      if (learned && !learned.includes(' ')) this.#boundary = new Boundary(learned);
    }
    if (this.#boundary?.lineKind(bytes) === 'opens') this.#beginHeaders();
  }

  #beginHeaders(): void {
    this.#headers.begin();
    this.#state = 'headers';
  }

  #header(line: Buffer): void {
    const text = line.toString('latin1').trim();
    const kind = text.startsWith('-') ? this.#boundary?.lineKind(line) : undefined;
    if (kind === 'opens') this.#beginHeaders();
    else if (kind === 'closes') this.#state = 'between';
    else if (text !== '') this.#headers.add(text);
    else if (this.#headers.isEmpty) this.#state = 'gap';
    else this.#beginBody();
  }

  #beginBody(): void {
    const length = this.#headers.announced;
    if (length > this.#maxPartBytes) {
      this.#failTooLarge(length);
    } else if (length > 0 && this.#trusting) {
      this.#counted.begin(length);
      this.#state = 'counted';
    } else {
      this.#searched.begin();
      this.#state = 'searched';
    }
  }

  #count(chunk: Buffer, from: number): number {
    const next = this.#counted.read(chunk, from);
    if (this.#counted.isFull) {
      // A JPEG that ends as one is whole: waiting for the boundary could show it a picture late.
      if (this.#boundary && this.#counted.isDoubtful) this.#state = 'doubt';
      else this.#emit(this.#counted.take());
    }
    return next;
  }

  #doubt(chunk: Buffer, from: number): number {
    const until = Math.min(chunk.length, from + this.#room - this.#behind.length);
    this.#behind.append(chunk.subarray(from, until));
    const next = this.#boundary?.comesNext(this.#behind.bytes) ?? 'yes';
    if (next === 'more') return until;
    const body = this.#counted.take();
    const behind = this.#behind.take(this.#behind.length);
    if (next === 'yes') {
      this.#emit(body);
    } else {
      this.#trusting = false;
      this.#state = 'searched';
      this.#searched.begin();
      this.#read(body);
    }
    this.#read(behind);
    return until;
  }

  #search(chunk: Buffer, from: number): number {
    const end = this.#searched.read(chunk, from, this.#boundary);
    if (end === undefined) return chunk.length;
    if (end === 'too-large') {
      this.#failTooLarge();
      return chunk.length;
    }
    this.#emit(end.body);
    if (end.again) this.#state = 'searched';
    this.#read(end.held);
    return end.next;
  }

  #emit(body: Buffer): void {
    const headers = this.#block ?? this.#headers.take();
    this.#block = undefined;
    if (body.length > 0) this.#parts.push(new Part(headers, body));
    this.#state = 'between';
  }

  #failTooLarge(announced?: number): void {
    const begin = announced
      ? `A picture of ${announced} bytes is announced`
      : 'A picture did not end';
    const limit = `${this.#maxPartBytes} bytes`;
    this.#fail('PICTURE_TOO_LARGE', `${begin}; the most one may have is ${limit}.`);
  }

  #fail(code: ErrorCode, message: string): void {
    this.#failure = new FramehubError(code, message);
    this.#release();
  }

  #release(): void {
    this.#block = undefined;
    this.#counted.release();
    this.#headers.begin();
    this.#lines.release();
    this.#behind.release();
    this.#searched.release();
  }
}
