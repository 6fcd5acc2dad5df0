const CONTENT_LENGTH = 'content-length';
const LINE_FEED = 0x0a;
const COLON = 0x3a;
const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;

/** The headers of one part. */
export type PartHeaders = ReadonlyMap<string, string>;

/** The headers of one part, line by line, or all of them at once. */
export class HeaderBlock {
  #headers = new Map<string, string>();
  #bytes = 0;

  /** Bytes read so far, line ends included. */
  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#headers.size === 0;
  }

  /** Bytes a part announces for its body; 0 when it says nothing that can be used. */
  get announced(): number {
    const text = this.#headers.get('content-length') ?? '';
    return /^\d+$/.test(text) ? Number(text) : 0;
  }

  begin(): void {
    if (this.#headers.size > 0) this.#headers = new Map();
    this.#bytes = 0;
  }

  count(bytes: number): void {
    this.#bytes += bytes;
  }

  /** A line without a colon says nothing and is left out. */
  add(text: string): void {
    const colon = text.indexOf(':');
    if (colon < 1) return;
    this.#headers.set(text.slice(0, colon).trimEnd().toLowerCase(), text.slice(colon + 1).trim());
  }

  /** What was read; begins anew. */
  take(): PartHeaders {
    const headers = this.#headers;
    this.#headers = new Map();
    this.#bytes = 0;
    return headers;
  }
}

/** The headers in the lines of a block. */
export function headersOf(lines: string): PartHeaders {
  const block = new HeaderBlock();
  for (const line of lines.split('\n')) block.add(line.trim());
  return block.take();
}

/**
 * The Content-Length in a block of lines, without reading the others: the last one, as `headersOf`
 * would find it. Undefined when it is not there, or not written as nearly everybody does.
 */
export function announcedIn(lines: string): number | undefined {
  const found = lines.toLowerCase().lastIndexOf(CONTENT_LENGTH);
  if (found < 0 || (found > 0 && lines.charCodeAt(found - 1) !== LINE_FEED)) return undefined;
  let at = found + CONTENT_LENGTH.length;
  if (lines.charCodeAt(at) !== COLON) return undefined;
  at += 1;
  while (lines.charCodeAt(at) === SPACE) at += 1;
  const digits = at;
  let length = 0;
  for (; ; at += 1) {
    const code = lines.charCodeAt(at);
    if (!(code >= ZERO && code <= NINE)) break;
    length = length * 10 + code - ZERO;
  }
  const plain = at > digits && lines.startsWith('\r\n', at);
  return plain && Number.isSafeInteger(length) ? length : undefined;
}
