import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NumberedNotice } from '../../api/event.ts';
import { type TextClient, TextClients } from '../../hub/text-clients.ts';
import type { ViewerLimit } from '../../hub/viewer-limit.ts';
import { beginTextStream } from '../../media/text-stream.ts';

const CONTENT_TYPE = 'text/event-stream; charset=utf-8';
/** A client that lost its connection asks again after this, ms. */
const RETRY = 1_000;
/** A client that lets this much wait is let go, bytes; it comes back and is told what it missed. */
const MAX_WAITING = 512 * 1024;

/** Where notices come from. */
export interface NoticeSource {
  /** What came after that notice; undefined when it is not known how much that was. */
  since(id: string): readonly NumberedNotice[] | undefined;
  subscribe(sink: (notice: NumberedNotice) => void): () => void;
}

export interface EventStreamRequest {
  readonly feed: NoticeSource;
  /** The last notice the client has; undefined: it wants those to come only. */
  readonly after: string | undefined;
  /** Which notices it wants. */
  wants(notice: NumberedNotice): boolean;
  /** Headers of the access layer, such as CORS. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What happens to events, as Server-Sent Events. */
export class EventStreams {
  readonly #clients: TextClients;

  constructor(limit: ViewerLimit) {
    this.#clients = new TextClients(limit);
  }

  /** Answers the request with the stream; returns at once. */
  stream(request: IncomingMessage, response: ServerResponse, options: EventStreamRequest): void {
    if (!beginTextStream(request, response, CONTENT_TYPE, options.headers)) return;
    const client = new EventClient(response, options);
    this.#clients.enter(client);
    response.on('close', () => {
      client.release();
      this.#clients.leave(client);
    });
  }

  /** Ends every client. */
  close(): void {
    this.#clients.close();
  }
}

class EventClient implements TextClient {
  readonly #response: ServerResponse;
  readonly #unsubscribe: () => void;
  #blockedSince: number | undefined;

  constructor(response: ServerResponse, { feed, after, wants }: EventStreamRequest) {
    this.#response = response;
    response.on('drain', () => {
      this.#blockedSince = undefined;
    });
    const missed = after === undefined ? [] : feed.since(after);
    // What was missed is in the list of events; that something was is told here.
    const gap = missed === undefined ? 'event: gap\ndata: {}\n\n' : '';
    this.#write(`retry: ${RETRY}\n\n${gap}`);
    const send = (notice: NumberedNotice) => {
      if (wants(notice)) this.#write(text(notice));
    };
    for (const notice of missed ?? []) send(notice);
    this.#unsubscribe = feed.subscribe(send);
  }

  get lastActive(): number {
    return this.#blockedSince ?? performance.now();
  }

  beat(): void {
    this.#write(':\n\n');
  }

  #write(chunk: string): void {
    if (this.#response.writableLength > MAX_WAITING) this.#response.destroy();
    else if (!this.#response.write(chunk)) this.#blockedSince ??= performance.now();
  }

  evict(): void {
    // Whoever does not read would not see the end either.
    if (this.#blockedSince === undefined) this.#response.end();
    else this.#response.destroy();
  }

  release(): void {
    this.#unsubscribe();
  }
}

function text({ id, ...notice }: NumberedNotice): string {
  return `id: ${id}\nevent: event\ndata: ${JSON.stringify(notice)}\n\n`;
}
