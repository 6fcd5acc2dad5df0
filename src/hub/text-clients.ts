import type { LimitedViewer, ViewerLimit } from './viewer-limit.ts';

/** Time between two signs of life, ms; proxies end a connection that is silent for a minute. */
const BEAT = 15_000;

/** One who reads an answer of text that goes on. */
export interface TextClient extends LimitedViewer {
  /** Gives a sign of life. @param now clock of `performance.now()` */
  beat(now: number): void;
}

/** All who read such answers of one kind: counted among the viewers, and given signs of life. */
export class TextClients {
  readonly #limit: ViewerLimit;
  readonly #clients = new Set<TextClient>();
  #timer: NodeJS.Timeout | undefined;

  constructor(limit: ViewerLimit) {
    this.#limit = limit;
  }

  enter(client: TextClient): void {
    this.#clients.add(client);
    this.#limit.enter(client);
    this.#timer ??= setInterval(() => this.#beat(), BEAT);
  }

  leave(client: TextClient): void {
    this.#limit.leave(client);
    this.#clients.delete(client);
    if (this.#clients.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Ends every client. */
  close(): void {
    for (const client of [...this.#clients]) client.evict();
  }

  #beat(): void {
    const now = performance.now();
    for (const client of this.#clients) client.beat(now);
  }
}
