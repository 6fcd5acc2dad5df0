import { readFile } from 'node:fs/promises';
import type { FastifyReply } from 'fastify';
import Type, { type Static } from 'typebox';
import { EventListSchema, EventSchema, RecordingSchema } from '../../api/event.ts';
import { FramehubError } from '../../errors.ts';
import type { EventFilter } from '../../events/event-query.ts';
import { eventJson } from '../../events/event-row.ts';
import { requireAdmin } from '../access.ts';
import { media, problems } from '../answer-schemas.ts';
import type { App, HttpOptions } from '../http-options.ts';

const params = Type.Object({ id: Type.String({ maxLength: 64 }) });
const tags = ['events'];
const DEFAULT_LIMIT = 50;

const camera = Type.Optional(Type.String({ maxLength: 64, description: 'Of this camera only.' }));
const label = Type.Optional(Type.String({ maxLength: 200, description: 'With this label only.' }));
const token = Type.Optional(Type.String({ description: 'For clients that cannot send headers.' }));
const when = (description: string) =>
  Type.Optional(
    Type.String({ maxLength: 40, description: `${description}: ms since 1970, or ISO 8601.` }),
  );

/** Which events are meant, as a query says it. */
export const FilterQuery = Type.Object({
  camera,
  label,
  from: when('First seen then or later'),
  to: when('First seen before'),
  minScore: Type.Optional(
    Type.Number({ minimum: 0, maximum: 1, description: 'At least this score.' }),
  ),
  token,
});

/** @throws REQUEST_INVALID */
export function filterOf(query: Static<typeof FilterQuery>): EventFilter {
  const { camera, label, from, to, minScore } = query;
  return { camera, label, minScore, from: timeOf('from', from), to: timeOf('to', to) };
}

function timeOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = /^\d{1,15}$/.test(text) ? Number(text) : Date.parse(text);
  if (!Number.isNaN(time)) return time;
  throw new FramehubError(
    'REQUEST_INVALID',
    `Expected "${name}" as ms since 1970 or like 2026-01-31T08:00Z; got "${text}".`,
  );
}

/** Text that is JSON already: to parse and write the paths of 500 events takes a tenth of a second. */
function sendJson(reply: FastifyReply, text: string): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(text);
}

/** `/api/events`: what was seen, and what is. */
export function eventRoutes(app: App, { events, eventStreams, access }: HttpOptions): void {
  app.get(
    '/api/events',
    {
      schema: {
        tags,
        summary: 'What was seen, newest first',
        description:
          'A page may hold fewer events than asked for, even none, and be followed by another: "next" says so.',
        querystring: Type.Object({
          ...FilterQuery.properties,
          cursor: Type.Optional(
            Type.String({ maxLength: 40, description: '"next" of the page before.' }),
          ),
          limit: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: 500,
              description: `Events at most. Default ${DEFAULT_LIMIT}.`,
            }),
          ),
        }),
        response: { 200: EventListSchema, ...problems },
      },
    },
    async ({ query }, reply) => {
      const { cursor, limit = DEFAULT_LIMIT } = query;
      const { rows, next } = await events.page(filterOf(query), cursor, limit);
      const end = next === undefined ? '' : `,"next":${JSON.stringify(next)}`;
      return sendJson(reply, `{"events":[${rows.map(eventJson).join(',')}]${end}}`);
    },
  );

  app.get(
    '/api/events/live',
    {
      schema: {
        tags,
        summary: 'What happens to events, as it happens',
        description:
          'Server-Sent Events. Last-Event-ID brings what was missed; "gap" comes first when that is not known any more.',
        querystring: Type.Object({
          camera,
          label,
          after: Type.Optional(
            Type.String({
              maxLength: 40,
              description: 'As Last-Event-ID: the id of the last one the client has.',
            }),
          ),
          token,
        }),
        response: { 200: media(['text/event-stream'], 'One change after the other.'), ...problems },
      },
    },
    (request, reply) => {
      const { camera, label, after } = request.query;
      const lastId = request.headers['last-event-id'];
      eventStreams.stream(request.raw, reply.raw, {
        feed: events.feed,
        after: lastId === undefined ? after : String(lastId),
        wants: ({ event }) =>
          (camera === undefined || event.camera === camera) &&
          (label === undefined || event.label === label),
        headers: access.corsHeaders(request.raw),
      });
      reply.hijack();
    },
  );

  app.get(
    '/api/events/:id',
    { schema: { tags, summary: 'One event', params, response: { 200: EventSchema, ...problems } } },
    (request) => events.get(request.params.id),
  );

  app.get(
    '/api/events/:id/picture.jpg',
    {
      schema: {
        tags,
        summary: 'The picture of an event: the frame with the best score',
        params,
        querystring: Type.Object({ token }),
        response: {
          200: media(['image/jpeg'], 'The picture; with If-None-Match of the same one, 304.'),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { path, event } = await events.picture(id);
      const etag = `"${event.id}-${event.best.seq}-${event.best.capturedAt}"`;
      reply.headers({
        // While it is in view a better one may come.
        'Cache-Control': event.ended ? 'private, max-age=31536000, immutable' : 'private, no-cache',
        ETag: etag,
      });
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      const data = await readFile(path).catch((thrown: unknown) => {
        throw new FramehubError('EVENT_NOT_FOUND', `The picture of the event "${id}" is gone.`, {
          cause: thrown,
        });
      });
      return reply.type('image/jpeg').send(data);
    },
  );

  app.delete(
    '/api/events/:id',
    {
      schema: {
        tags,
        summary: 'Remove an event and its picture (admin)',
        params,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      requireAdmin(request.role);
      await events.remove(request.params.id);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/api/recording',
    {
      schema: {
        tags,
        summary: 'What is kept, and what is being recorded',
        response: { 200: RecordingSchema, ...problems },
      },
    },
    () => events.report(),
  );
}
