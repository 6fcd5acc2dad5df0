import type { IncomingMessage } from 'node:http';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import {
  DetectionResultSchema,
  type FoundAnswer,
  FoundAnswerSchema,
  type FoundElsewhere,
  FoundElsewhereSchema,
  type Rejection,
} from '../../api/detection-schemas.ts';
import { resultFormat } from '../../delivery/detections/result-format.ts';
import { FramehubError, toFramehubError } from '../../errors.ts';
import { requireAdmin } from '../access.ts';
import { media, problems } from '../answer-schemas.ts';
import { jsonValues } from '../found-body.ts';
import type { App, HttpOptions } from '../http-options.ts';

const params = Type.Object({ id: Type.String({ maxLength: 64 }) });
/** Reasons told for what was rejected. */
const MOST_REASONS = 10;
/** How far rounding may push a box over the edge, in fractions of the picture. */
const ROUNDING = 1e-3;
/** A sender that says nothing for this long is gone, ms. */
const SENDER_TIMEOUT = 120_000;

/** `/api/cameras/:id/detections`: what is found in a camera's frames, out and in. */
export function detectionRoutes(app: App, options: HttpOptions): void {
  const { hub, detections, resultStreams, access } = options;

  app.get(
    '/api/cameras/:id/detections',
    {
      schema: {
        tags: ['detections'],
        summary: 'What is found in the frames of a camera, as it is found',
        description:
          'Server-Sent Events, or one JSON text a line (application/x-ndjson). The detector runs while somebody asks. Last-Event-ID brings what was missed and is still kept.',
        params,
        querystring: Type.Object({
          format: Type.Optional(
            Type.Union([Type.Literal('sse'), Type.Literal('ndjson')], {
              description: 'For clients that cannot send Accept.',
            }),
          ),
          after: Type.Optional(
            Type.Integer({
              minimum: 0,
              maximum: Number.MAX_SAFE_INTEGER,
              description: 'As Last-Event-ID: the seq of the last result the client has.',
            }),
          ),
          token: Type.Optional(
            Type.String({ description: 'For clients that cannot send headers.' }),
          ),
        }),
        response: {
          200: media(
            ['text/event-stream', 'application/x-ndjson'],
            'One result after the other.',
            DetectionResultSchema,
          ),
          ...problems,
        },
      },
    },
    (request, reply) => {
      const { id } = request.params;
      const { format, after } = request.query;
      resultStreams.stream(request.raw, reply.raw, {
        channel: hub.channel(id),
        results: detections.results(id),
        format: resultFormat(format, request.headers.accept),
        after: lastEventId(request.raw) ?? after,
        headers: access.corsHeaders(request.raw),
      });
      reply.hijack();
    },
  );

  app.register(async (scope: App) => {
    // The body is read as it comes: a stream of results has no end to wait for.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    scope.post(
      '/api/cameras/:id/detections',
      {
        schema: {
          tags: ['detections'],
          summary: 'Bring results found elsewhere (admin)',
          description:
            'One result or a list of them (application/json), or one a line for as long as the request lasts (application/x-ndjson). Answered when it ends. Each is of a frame that this camera has shown in the last seconds.',
          consumes: ['application/json', 'application/x-ndjson'],
          params,
          response: { 200: FoundAnswerSchema, ...problems },
        },
      },
      async (request, reply) => {
        requireAdmin(request.role);
        const { id } = request.params;
        request.raw.setTimeout(SENDER_TIMEOUT, () => request.raw.destroy());
        const answer = await receive(request.raw, id, options);
        // Nobody reads the rest, and a sender that waits to send it would not hear the answer.
        if (!request.raw.complete) reply.header('Connection', 'close');
        return answer;
      },
    );
  });
}

/** The frame of the last result a browser had, which it says when it comes back. */
function lastEventId({ headers }: IncomingMessage): number | undefined {
  const id = String(headers['last-event-id'] ?? '');
  return /^\d{1,15}$/.test(id) ? Number(id) : undefined;
}

/** @throws the reason when not one result could be taken */
async function receive(
  request: IncomingMessage,
  camera: string,
  { detections }: HttpOptions,
): Promise<FoundAnswer> {
  const checked = resultChecker();
  // A camera that is not there is not the fault of a result.
  const results = detections.results(camera);
  let accepted = 0;
  let rejected = 0;
  const reasons: Rejection[] = [];
  const reject = (thrown: unknown, index: number) => {
    const { code, message } = toFramehubError(thrown, 'REQUEST_INVALID');
    rejected += 1;
    if (reasons.length < MOST_REASONS) reasons.push({ index, code, detail: message });
    return thrown;
  };
  let last: unknown;
  try {
    for await (const value of jsonValues(request)) {
      try {
        detections.publishForeign(camera, checked(value));
        accepted += 1;
      } catch (thrown) {
        last = reject(thrown, accepted + rejected);
        if (thrown instanceof FramehubError && thrown.code === 'CAMERA_NOT_FOUND') break;
      }
    }
  } catch (thrown) {
    last = reject(thrown, accepted + rejected);
  }
  if (accepted === 0 && last !== undefined) throw last;
  return { camera, accepted, rejected, reasons, wanted: results.demand };
}

/** @returns what gives a value back as a result, or throws REQUEST_INVALID */
function resultChecker(): (value: unknown) => FoundElsewhere {
  const schema = Compile(FoundElsewhereSchema);
  return (value) => {
    if (value instanceof FramehubError) throw value;
    if (!schema.Check(value)) {
      const [fault] = schema.Errors(value);
      const where = fault?.instancePath.slice(1).replaceAll('/', '.');
      throw invalid(`"${where || 'result'}" ${fault?.message ?? 'is not valid'}`);
    }
    if (value.seq === undefined && value.capturedAt === undefined) {
      throw invalid('"seq" or "capturedAt" says which frame it is of; neither came');
    }
    for (const [index, { box }] of value.detections.entries()) {
      if (box.x + box.width > 1 + ROUNDING || box.y + box.height > 1 + ROUNDING) {
        throw invalid(`"detections.${index}.box" reaches beyond the picture`);
      }
    }
    return value;
  };
}

function invalid(what: string): FramehubError {
  return new FramehubError('REQUEST_INVALID', `In a result: ${what}.`);
}
