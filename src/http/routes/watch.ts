import type { FastifyReply, FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import { timestamp } from '../../delivery/mjpeg/stream-picture.ts';
import { takeSnapshot } from '../../delivery/snapshot/snapshot.ts';
import { FramehubError } from '../../errors.ts';
import type { Channel } from '../../hub/channel.ts';
import { encode } from '../../variant/encode.ts';
import { snap } from '../../variant/variant-spec.ts';
import { media, problems } from '../answer-schemas.ts';
import type { App, HttpOptions } from '../http-options.ts';
import { addressOf } from '../peer.ts';
import { sendPage } from './page.ts';

const params = Type.Object({ id: Type.String({ maxLength: 64 }) });
const token = Type.Optional(Type.String({ description: 'For clients that cannot send headers.' }));
const width = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: 16_384,
    description: 'Widest picture, pixels; snapped to a ladder, never more than the camera gives.',
  }),
);
const quality = Type.Integer({
  minimum: 1,
  maximum: 100,
  description: 'JPEG quality; snapped to a ladder.',
});
const fps = Type.Optional(
  Type.Number({ exclusiveMinimum: 0, maximum: 1_000, description: 'Most pictures a second.' }),
);
const placeholder = Type.Optional(
  Type.Boolean({ description: 'false: only pictures of the camera, no words about it.' }),
);
const StreamQuery = Type.Object({
  width,
  quality: Type.Optional(
    Type.Union([quality, Type.Literal('auto')], {
      description: 'JPEG quality, or auto: size, quality and rate that the link can carry.',
    }),
  ),
  fps,
  placeholder,
  token,
});
const AnnotatedQuery = Type.Object({
  width,
  quality: Type.Optional(quality),
  fps,
  placeholder,
  token,
});
const SnapshotQuery = Type.Object({
  width,
  quality: Type.Optional(quality),
  annotated: Type.Optional(
    Type.Boolean({ description: 'With what was found in it drawn over it.' }),
  ),
  maxAge: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 86_400_000,
      description:
        'A picture at most this old will do, ms. Default 0: one that comes after the request.',
    }),
  ),
  timeout: Type.Optional(
    Type.Integer({
      minimum: 100,
      maximum: 60_000,
      description: 'Longest wait for a picture, ms. Default 10,000.',
    }),
  ),
  token,
});
/** What mjpg-streamer takes on its one path. */
const RootQuery = Type.Object({
  action: Type.Optional(Type.Union([Type.Literal('stream'), Type.Literal('snapshot')])),
  ...StreamQuery.properties,
  ...SnapshotQuery.properties,
});

const DEFAULT_TIMEOUT = 10_000;
/** Seconds after which a client may ask again for a picture there was none of. */
const RETRY_AFTER = '1';

/** Pictures: streams and snapshots, under their own paths and those that other programs know. */
export function watchRoutes(app: App, options: HttpOptions): void {
  const { hub, mjpeg, variants, access } = options;

  const first = (): Channel => {
    const [channel] = hub.channels();
    if (channel !== undefined) return channel;
    throw new FramehubError('CAMERA_NOT_FOUND', 'There is no camera yet.');
  };

  const stream = (
    request: FastifyRequest,
    reply: FastifyReply,
    channel: Channel,
    query: Static<typeof StreamQuery>,
    annotated = false,
  ): void => {
    const { width, quality, fps } = query;
    mjpeg.stream(request.raw, reply.raw, {
      channel,
      form: quality === 'auto' ? 'auto' : { width, quality, fps, annotated },
      address: addressOf(request.raw),
      placeholder: query.placeholder ?? true,
      headers: access.corsHeaders(request.raw),
    });
    reply.hijack();
  };

  const snapshot = async (
    request: FastifyRequest,
    reply: FastifyReply,
    channel: Channel,
    query: Static<typeof SnapshotQuery>,
  ): Promise<FastifyReply> => {
    const gone = new AbortController();
    const onClose = () => gone.abort();
    reply.raw.once('close', onClose);
    try {
      const { width, quality, annotated } = query;
      const form = snap({ width, quality, annotated });
      const frame = await takeSnapshot(annotated ? variants.channel(channel, form) : channel, {
        maxAge: query.maxAge ?? 0,
        timeout: query.timeout ?? DEFAULT_TIMEOUT,
        identity: { kind: 'snapshot', address: addressOf(request.raw) },
        signal: gone.signal,
      });
      // A frame number is unique to its camera while the server runs; with the time, for good.
      const etag = `"${[frame.seq, frame.capturedAt, ...Object.values(form)].join('-')}"`;
      reply.headers({
        'Cache-Control': 'no-cache, no-transform',
        ETag: etag,
        'X-Frame-Id': String(frame.seq),
        'X-Timestamp': timestamp(frame.capturedAt),
        'Access-Control-Expose-Headers': 'ETag, X-Frame-Id, X-Timestamp',
      });
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      const { data } = annotated ? frame : await encode(frame, form);
      return reply.type('image/jpeg').send(data);
    } catch (thrown) {
      reply.header('Retry-After', RETRY_AFTER);
      throw thrown;
    } finally {
      reply.raw.off('close', onClose);
    }
  };

  const streamSchema = (summary: string) => ({
    tags: ['watch'],
    summary,
    querystring: StreamQuery,
    response: {
      200: media(
        ['multipart/x-mixed-replace'],
        'One JPEG picture after the other, for as long as it is read.',
      ),
      ...problems,
    },
  });
  const snapshotSchema = (summary: string) => ({
    tags: ['watch'],
    summary,
    querystring: SnapshotQuery,
    response: {
      200: media(['image/jpeg'], 'The picture; with If-None-Match of the same one, 304.'),
      ...problems,
    },
  });

  app.get(
    '/cameras/:id/stream.mjpg',
    { schema: { ...streamSchema('Live pictures of a camera'), params } },
    (request, reply) => stream(request, reply, hub.channel(request.params.id), request.query),
  );
  app.get(
    '/cameras/:id/snapshot.jpg',
    { schema: { ...snapshotSchema('One fresh picture of a camera'), params } },
    (request, reply) => snapshot(request, reply, hub.channel(request.params.id), request.query),
  );
  app.get(
    '/cameras/:id/annotated.mjpg',
    {
      schema: {
        ...streamSchema('Live pictures with what was found in them drawn over'),
        description: 'The pictures that were looked at, each with the boxes of its own result.',
        querystring: AnnotatedQuery,
        params,
      },
    },
    (request, reply) => stream(request, reply, hub.channel(request.params.id), request.query, true),
  );
  for (const path of ['/video_feed', '/stream']) {
    app.get(path, { schema: streamSchema('Live pictures of the first camera') }, (request, reply) =>
      stream(request, reply, first(), request.query),
    );
  }
  app.get(
    '/snapshot',
    { schema: snapshotSchema('One fresh picture of the first camera') },
    (request, reply) => snapshot(request, reply, first(), request.query),
  );
  app.get(
    '/',
    {
      config: { open: true },
      schema: {
        tags: ['watch'],
        summary: 'The page; with ?action=stream or ?action=snapshot what mjpg-streamer answers',
        querystring: RootQuery,
        response: {
          200: media(
            ['text/html', 'multipart/x-mixed-replace', 'image/jpeg'],
            'The page, the stream or the picture.',
          ),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const { action } = request.query;
      if (action === undefined) return sendPage(options, request, reply);
      request.role = access.check(request.raw);
      if (action === 'stream') return stream(request, reply, first(), request.query);
      return snapshot(request, reply, first(), request.query);
    },
  );
}
