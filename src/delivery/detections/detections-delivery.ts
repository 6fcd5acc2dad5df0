import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Results } from '../../detection/results.ts';
import type { Channel } from '../../hub/channel.ts';
import type { ViewerLimit } from '../../hub/viewer-limit.ts';
import { ResultClient } from './result-client.ts';
import type { ResultFormat } from './result-format.ts';
import { missedSince } from './resume.ts';

/** Time between two signs of life, ms; proxies end a connection that is silent for a minute. */
const BEAT = 15_000;
/** Keepalive probes begin after this much silence, ms. */
const KEEPALIVE = 30_000;

export interface DetectionsOptions {
  readonly limit: ViewerLimit;
  /** Ms. */
  readonly viewerTimeout: number;
}

export interface ResultsRequest {
  /** The camera: when it goes, so does the stream. */
  readonly channel: Channel;
  readonly results: Results;
  readonly format: ResultFormat;
  /** The frame of the last result the client has; undefined: it wants those to come only. */
  readonly after: number | undefined;
  /** Headers of the access layer, such as CORS. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Streams what was found in a camera's frames, as text. */
export class DetectionsDelivery {
  readonly #options: DetectionsOptions;
  readonly #clients = new Set<ResultClient>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: DetectionsOptions) {
    this.#options = options;
  }

  /** Answers the request with the stream; returns at once. */
  stream(request: IncomingMessage, response: ServerResponse, options: ResultsRequest): void {
    const { format, results, channel, after } = options;
    response.writeHead(200, {
      'Content-Type': format.contentType,
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
      ...options.headers,
    });
    const { socket } = response;
    if (request.method === 'HEAD' || socket === null || socket.destroyed) {
      response.end();
      return;
    }
    response.flushHeaders();
    socket.setTimeout(0);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEPALIVE);
    const client = new ResultClient(response, {
      results,
      format,
      missed: after === undefined ? [] : missedSince(results.since(0), after),
      timeout: this.#options.viewerTimeout,
      onClose: (closed) => {
        forget();
        this.#options.limit.leave(closed);
        this.#leave(closed);
      },
    });
    const forget = channel.onEnd(() => client.close());
    this.#clients.add(client);
    this.#options.limit.enter(client);
    this.#timer ??= setInterval(() => this.#beat(), BEAT);
  }

  /** Ends every client. */
  close(): void {
    for (const client of [...this.#clients]) client.close();
  }

  #leave(client: ResultClient): void {
    this.#clients.delete(client);
    if (this.#clients.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #beat(): void {
    const now = performance.now();
    for (const client of this.#clients) client.beat(now);
  }
}
