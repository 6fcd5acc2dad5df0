import { toFramehubError } from '../../errors.ts';
import { Pace } from '../../media/pace.ts';
import type { Source, SourceFrame, SourceKind } from '../../source.ts';
import { type Address, readAddress } from './address.ts';
import { HttpClient } from './client.ts';
import { notPictures } from './failure.ts';
import { isStill, pollStills } from './stills.ts';
import { streamPictures } from './stream.ts';

/**
 * `http(s)://…`: a camera that gives JPEG pictures over HTTP, as a stream
 * (multipart/x-mixed-replace) or one by one (image/jpeg, asked for at `#fps=`, default 1); the
 * Content-Type of its answer tells which. Pictures pass through as they are.
 */
export const httpSource: SourceKind = {
  kind: 'http',
  usage: 'http://user:password@host/path#fps=1',
  matches: (text) => /^https?:\/\//i.test(text),
  isLocal: () => false,
  open(text, { maxPictureBytes }): Source {
    const address = readAddress(text);
    return {
      kind: 'http',
      label: address.label,
      interval: 1000 / address.fps,
      frames: (signal) => pictures(address, maxPictureBytes, signal),
    };
  },
};

async function* pictures(
  address: Address,
  maxPictureBytes: number,
  signal: AbortSignal,
): AsyncGenerator<SourceFrame, void> {
  if (signal.aborted) return;
  const client = new HttpClient(address);
  const close = () => client.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    const pace = new Pace(address.fps);
    await pace.tick(signal);
    const answer = await client.get();
    const contentType = answer.headers['content-type'] ?? '';
    if (/^multipart\//i.test(contentType)) {
      yield* streamPictures(answer, address.label, maxPictureBytes);
    } else if (isStill(contentType)) {
      yield* pollStills(client, answer, address.label, pace, maxPictureBytes, signal);
    } else {
      throw notPictures(contentType, address.label);
    }
  } catch (error) {
    // Closing on purpose looks like a fault to whoever was reading.
    if (!signal.aborted) throw toFramehubError(error, 'SOURCE_FAILED');
  } finally {
    signal.removeEventListener('abort', close);
    client.close();
  }
}
