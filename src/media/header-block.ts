/** The headers of one part, line by line. */
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
    this.#headers = new Map();
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
  take(): ReadonlyMap<string, string> {
    const headers = this.#headers;
    this.begin();
    return headers;
  }
}
