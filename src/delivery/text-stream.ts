import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LimitedViewer, ViewerLimit } from '../hub/viewer-limit.ts';

/** Time between two signs of life, ms; proxies end a connection that is silent for a minute. */
const BEAT = 15_000;
/** Keepalive probes begin after this much silence, ms. */
const KEEPALIVE = 30_000;

/**
 * Begins an answer of text that goes on for as long as it is read: Server-Sent Events, or lines.
 *
 * @param headers of the access layer, such as CORS
 * @returns false when nobody comes to read it: then it is answered already
 */
export function beginTextStream(
  request: IncomingMessage,
  response: ServerResponse,
  contentType: string,
  headers: Readonly<Record<string, string>>,
): boolean {
  response.writeHead(200, {
    'Content-Type': contentType,
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
    ...headers,
  });
  const { socket } = response;
  if (request.method === 'HEAD' || socket === null || socket.destroyed) {
    response.end();
    return false;
  }
  response.flushHeaders();
  socket.setTimeout(0);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEPALIVE);
  return true;
}

/** One who reads such an answer. */
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
