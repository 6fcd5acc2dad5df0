import type { IncomingMessage } from 'node:http';
import { FramehubError } from '../../errors.ts';
import { ByteCollector } from '../../media/byte-collector.ts';
import type { Pace } from '../../media/pace.ts';
import type { SourceFrame } from '../../source.ts';
import { capturedAt } from './captured-at.ts';
import type { HttpClient } from './client.ts';
import { brokenOff, notPictures } from './failure.ts';

const jpegType = /^image\/(?:jpe?g|pjpeg)\s*(?:;|$)/i;

export function isStill(contentType: string): boolean {
  return jpegType.test(contentType);
}

/**
 * Asks for one picture after another at the given pace, never for two at once, over one connection
 * where the camera keeps it.
 *
 * @param first the answer that showed that single pictures are given here
 * @throws FramehubError what `client.get` throws, SOURCE_NOT_PICTURES, SOURCE_ENDED, PICTURE_TOO_LARGE
 */
export async function* pollStills(
  client: HttpClient,
  first: IncomingMessage,
  label: string,
  pace: Pace,
  maxPictureBytes: number,
  signal: AbortSignal,
): AsyncGenerator<SourceFrame, void> {
  let answer = first;
  for (;;) {
    yield await readStill(answer, label, maxPictureBytes);
    if (!(await pace.tick(signal))) return;
    answer = await client.get();
    const contentType = answer.headers['content-type'] ?? '';
    if (!isStill(contentType)) throw notPictures(contentType, label);
  }
}

async function readStill(
  answer: IncomingMessage,
  label: string,
  maxBytes: number,
): Promise<SourceFrame> {
  const announced = Number(answer.headers['content-length'] ?? 0);
  if (announced > maxBytes) {
    throw tooLarge(`A picture of ${announced} bytes is announced by ${label}`, maxBytes);
  }
  const picture = new ByteCollector(maxBytes);
  try {
    for await (const chunk of answer) {
      if (picture.length + chunk.length > maxBytes) {
        throw tooLarge(`A picture from ${label} did not end`, maxBytes);
      }
      picture.append(chunk);
    }
  } catch (cause) {
    throw brokenOff(cause, label);
  }
  const time = answer.headersDistinct['x-timestamp']?.[0];
  return { data: picture.take(picture.length), capturedAt: capturedAt(time) };
}

function tooLarge(begin: string, maxBytes: number): FramehubError {
  return new FramehubError(
    'PICTURE_TOO_LARGE',
    `${begin}; the most one may have is ${maxBytes} bytes.`,
  );
}
