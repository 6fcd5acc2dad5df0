import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Results } from '../../detection/results.ts';
import type { Channel } from '../../hub/channel.ts';
import { TextClients } from '../../hub/text-clients.ts';
import type { ViewerLimit } from '../../hub/viewer-limit.ts';
import { beginTextStream } from '../../media/text-stream.ts';
import { ResultClient } from './result-client.ts';
import type { ResultFormat } from './result-format.ts';
import { missedSince } from './resume.ts';

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
  readonly #viewerTimeout: number;
  readonly #clients: TextClients;

  constructor({ limit, viewerTimeout }: DetectionsOptions) {
    this.#viewerTimeout = viewerTimeout;
    this.#clients = new TextClients(limit);
  }

  /** Answers the request with the stream; returns at once. */
  stream(request: IncomingMessage, response: ServerResponse, options: ResultsRequest): void {
    const { format, results, channel, after } = options;
    if (!beginTextStream(request, response, format.contentType, options.headers)) return;
    const client = new ResultClient(response, {
      results,
      format,
      missed: after === undefined ? [] : missedSince(results.since(0), after),
      timeout: this.#viewerTimeout,
      onClose: (closed) => {
        forget();
        this.#clients.leave(closed);
      },
    });
    const forget = channel.onEnd(() => client.close());
    this.#clients.enter(client);
  }

  /** Ends every client. */
  close(): void {
    this.#clients.close();
  }
}
