import type { IncomingMessage } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { FramehubError } from '../../errors.ts';
import { boundaryOf, MultipartParser } from '../../media/multipart-parser.ts';
import { Newest } from '../../media/newest.ts';
import type { SourceFrame } from '../../source.ts';
import { capturedAt } from './captured-at.ts';
import { brokenOff } from './failure.ts';

/**
 * The parts of a multipart answer, byte for byte. It is read as fast as it comes, so that a slow
 * loop gets the newest picture and not what waited in the network's buffers.
 *
 * @throws FramehubError SOURCE_ENDED, PICTURE_TOO_LARGE, PICTURE_INVALID
 */
export async function* streamPictures(
  answer: IncomingMessage,
  label: string,
  maxPictureBytes: number,
): AsyncGenerator<SourceFrame, never> {
  const newest = new Newest<SourceFrame>();
  const reading = read(answer, maxPictureBytes, newest).then(
    () => new FramehubError('SOURCE_ENDED', `${label} ended its stream.`),
    (cause: unknown) => brokenOff(cause, label),
  );
  try {
    for (;;) {
      const picture = await newest.take();
      if (picture === undefined) throw await reading;
      yield picture;
    }
  } finally {
    answer.destroy();
    await reading;
  }
}

async function read(
  answer: IncomingMessage,
  maxPictureBytes: number,
  newest: Newest<SourceFrame>,
): Promise<void> {
  const boundary = boundaryOf(answer.headers['content-type'] ?? '');
  const parser = new MultipartParser({
    ...(boundary === undefined ? {} : { boundary }),
    maxPartBytes: maxPictureBytes,
  });
  try {
    for await (const chunk of answer) {
      for (const [index, part] of parser.push(chunk).entries()) {
        // Several in one chunk: a loop that keeps up gets to take each.
        if (index > 0) await turn();
        newest.put({ data: part.body, capturedAt: capturedAt(part.headers.get('x-timestamp')) });
      }
    }
    for (const { headers, body } of parser.end()) {
      newest.put({ data: body, capturedAt: capturedAt(headers.get('x-timestamp')) });
    }
  } finally {
    newest.end();
  }
}
