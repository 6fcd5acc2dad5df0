import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import Type from 'typebox';
import { PushAnswerSchema } from '../../api/camera-schemas.ts';
import { FramehubError, toFramehubError } from '../../errors.ts';
import { checkJpeg } from '../../media/jpeg.ts';
import { JpegSplitter } from '../../media/jpeg-splitter.ts';
import { boundaryOf, MultipartParser } from '../../media/multipart-parser.ts';
import { isPushTarget, type PushTarget } from '../../source.ts';
import { requireAdmin } from '../access.ts';
import { problems } from '../answer-schemas.ts';
import type { App, HttpOptions } from '../http-options.ts';

/** A sender that says nothing for this long is gone, ms. */
const SENDER_TIMEOUT = 120_000;

/** `POST /api/cameras/:id/frames`: pictures are brought to us, one or a stream of them. */
export function pushRoutes(app: App, { cameras, maxPictureBytes }: HttpOptions): void {
  app.register(async (scope: App) => {
    // The body is read as it comes: a stream of pictures has no end to wait for.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    scope.post(
      '/api/cameras/:id/frames',
      {
        schema: {
          tags: ['cameras'],
          summary: 'Push pictures to a "push:" camera (admin)',
          description:
            'One JPEG or several one after another (image/jpeg), or multipart parts (multipart/x-mixed-replace), for as long as the request lasts. Answered when it ends.',
          consumes: ['image/jpeg', 'multipart/x-mixed-replace'],
          params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
          response: { 200: PushAnswerSchema, ...problems },
        },
      },
      async (request, reply) => {
        requireAdmin(request.role);
        const camera = cameras.get(request.params.id);
        const { source } = camera;
        if (!isPushTarget(source)) {
          throw new FramehubError(
            'CAMERA_NOT_PUSH',
            `The camera "${camera.id}" gets its pictures from ${source.label}.`,
          );
        }
        // On the request: a listener on the socket would stay for the next ones of a sender that
        // keeps its connection.
        request.raw.setTimeout(SENDER_TIMEOUT, () => request.raw.destroy());
        const isWanted = () => camera.source === source && cameras.list().includes(camera);
        const { accepted, rejected, last } = await receive(
          request.raw,
          source,
          isWanted,
          maxPictureBytes,
        );
        // Nobody reads the rest, and a sender that waits to send it would not hear the answer.
        if (!request.raw.complete) reply.header('Connection', 'close');
        // A single bad picture is a bad request; in a stream it is one of many.
        if (accepted === 0) {
          throw (
            last ??
            new FramehubError('PICTURE_INVALID', 'Expected a JPEG picture; got an empty body.')
          );
        }
        return {
          camera: camera.id,
          accepted,
          rejected,
          ...(last === undefined ? {} : { reason: last.message }),
          readers: camera.channel.readers.size,
        };
      },
    );
  });
}

interface Received {
  readonly accepted: number;
  readonly rejected: number;
  /** Why the last one was rejected. */
  readonly last?: FramehubError;
}

async function receive(
  request: IncomingMessage,
  target: PushTarget,
  isWanted: () => boolean,
  max: number,
): Promise<Received> {
  let accepted = 0;
  let rejected = 0;
  let last: FramehubError | undefined;
  const take = (pictures: Iterable<Buffer>) => {
    for (const data of pictures) {
      try {
        checkJpeg(data);
        target.push({ data, capturedAt: Date.now() });
        accepted += 1;
      } catch (thrown) {
        last = toFramehubError(thrown, 'PICTURE_INVALID');
        rejected += 1;
      }
    }
  };
  try {
    const split = splitter(request.headers['content-type'] ?? '', max);
    const body: Readable = request;
    for await (const chunk of body) {
      if (!isWanted()) {
        throw new FramehubError(
          'CAMERA_NOT_FOUND',
          'The camera was removed, or has another source.',
        );
      }
      take(split.push(chunk));
    }
    take(split.end());
  } catch (thrown) {
    last = toFramehubError(thrown, 'REQUEST_INVALID');
    rejected += 1;
  }
  return { accepted, rejected, ...(last === undefined ? {} : { last }) };
}

interface Splitter {
  push(chunk: Buffer): Buffer[];
  end(): Buffer[];
}

/** @throws REQUEST_INVALID */
function splitter(contentType: string, maxPictureBytes: number): Splitter {
  if (/^multipart\//i.test(contentType)) {
    const boundary = boundaryOf(contentType);
    const parser = new MultipartParser({
      ...(boundary === undefined ? {} : { boundary }),
      maxPartBytes: maxPictureBytes,
    });
    return {
      push: (chunk) => parser.push(chunk).map((part) => part.body),
      end: () => parser.end().map((part) => part.body),
    };
  }
  if (/^(image\/jpeg|application\/octet-stream)\b/i.test(contentType)) {
    const pictures = new JpegSplitter(maxPictureBytes);
    return {
      push: (chunk) => pictures.push(chunk),
      end: () => {
        const left = pictures.end();
        if (left === 0) return [];
        throw new FramehubError(
          'PICTURE_TRUNCATED',
          `The body ended within a picture, ${left} bytes into it.`,
        );
      },
    };
  }
  throw new FramehubError(
    'REQUEST_INVALID',
    `Expected Content-Type image/jpeg or multipart/x-mixed-replace; got "${contentType.slice(0, 80)}".`,
  );
}
