import type { FastifyReply, FastifyRequest } from 'fastify';
import { streamRows } from '../../delivery/rows/stream-rows.ts';
import { FramehubError, toFramehubError } from '../../errors.ts';
import type { EventFilter } from '../../events/event-query.ts';
import { media, problems } from '../answer-schemas.ts';
import { type ReportFormat, reportFormats } from '../event-reports.ts';
import type { App, HttpOptions } from '../http-options.ts';
import { FilterQuery, filterOf } from './events.ts';

/** Reports written at a time: each may take a few ms in one go. */
const MAX_REPORTS = 4;
/** A reader that takes nothing for this long is gone, ms. */
const READER_TIMEOUT = 60_000;

/** `/events.html`, `.csv`, `.ndjson`: all events, however many, row by row. */
export function reportRoutes(app: App, { events, log }: HttpOptions): void {
  const closing = new AbortController();
  app.addHook('onClose', () => closing.abort());
  let running = 0;

  const answer = async (
    request: FastifyRequest,
    reply: FastifyReply,
    filter: EventFilter,
    { headers, path, ...template }: ReportFormat,
  ): Promise<void> => {
    if (running >= MAX_REPORTS) {
      throw new FramehubError('TOO_MANY', `${MAX_REPORTS} reports are being written already.`, {
        help: 'Ask again when one of them has ended.',
      });
    }
    const { socket } = reply.raw;
    running += 1;
    try {
      // What can fail comes before the head of the answer.
      const rows = await events.rows(filter, path);
      const response = reply.raw;
      reply.hijack();
      response.writeHead(200, {
        ...headers,
        'Cache-Control': 'no-store, no-transform',
        'X-Accel-Buffering': 'no',
        ...stringHeaders(reply),
      });
      if (request.method === 'HEAD') {
        response.end();
        return;
      }
      response.setTimeout(READER_TIMEOUT, () => response.destroy());
      const { signal } = closing;
      const written = await streamRows(response, template, rows, { signal });
      log.debug({ url: request.url.split('?')[0], ...written }, 'report written');
    } catch (thrown) {
      if (!reply.sent) throw thrown;
      const { code, message } = toFramehubError(thrown, 'STORE_FAILED');
      log.error({ code, reason: message }, 'report cut off');
    } finally {
      running -= 1;
      // The next request on this connection may be one that is silent for long.
      socket?.setTimeout(0);
    }
  };

  for (const name of ['html', 'csv', 'ndjson'] as const) {
    const format = reportFormats[name];
    const [type = ''] = format.headers['Content-Type']?.split(';') ?? [];
    app.get(
      `/events.${name}`,
      {
        schema: {
          tags: ['events'],
          summary: `All events, newest first, as ${name.toUpperCase()}`,
          description: 'However many there are: written row by row as fast as it is read.',
          querystring: FilterQuery,
          response: { 200: media([type], 'All rows, streamed.'), ...problems },
        },
      },
      (request, reply) => answer(request, reply, filterOf(request.query), format),
    );
  }
}

/** Those that every answer has, such as CORS. */
function stringHeaders(reply: FastifyReply): Record<string, string> {
  const entries = Object.entries(reply.getHeaders());
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}
