import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { FramehubError } from '../errors.ts';

/** Largest JSON body, and longest line of one that is read line by line, bytes. */
const MOST_JSON = 1024 * 1024;
const LONGEST_LINE = 64 * 1024;
/** Most results in one JSON body. */
const MOST_RESULTS = 1_000;
const FEED = 0x0a;

/**
 * The JSON values of a request, as they come: one, a list of them, or one a line for as long as the
 * request lasts. What can't be parsed is yielded as the error it is.
 *
 * @throws REQUEST_INVALID, BODY_TOO_LARGE
 */
export async function* jsonValues(request: IncomingMessage): AsyncGenerator<unknown, void> {
  const type = request.headers['content-type'] ?? '';
  if (/^application\/(x-)?(ndjson|jsonl)\b/i.test(type)) yield* lines(request);
  else if (/^application\/json\b/i.test(type)) yield* whole(request);
  else {
    throw new FramehubError(
      'REQUEST_INVALID',
      `Expected Content-Type application/json or application/x-ndjson; got "${type.slice(0, 80)}".`,
    );
  }
}

async function* whole(body: Readable): AsyncGenerator<unknown, void> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MOST_JSON) {
      throw new FramehubError('BODY_TOO_LARGE', `Expected at most ${MOST_JSON} bytes of JSON.`);
    }
    chunks.push(chunk);
  }
  const value = parse(Buffer.concat(chunks));
  if (value instanceof FramehubError) throw value;
  if (!Array.isArray(value)) {
    yield value;
    return;
  }
  if (value.length > MOST_RESULTS) {
    throw new FramehubError(
      'BODY_TOO_LARGE',
      `Expected at most ${MOST_RESULTS} results in a list; got ${value.length}.`,
    );
  }
  yield* value;
}

async function* lines(body: Readable): AsyncGenerator<unknown, void> {
  let begun: Buffer = Buffer.alloc(0);
  for await (const piece of body) {
    const chunk: Buffer = begun.length === 0 ? piece : Buffer.concat([begun, piece]);
    let from = 0;
    for (let feed = chunk.indexOf(FEED); feed >= 0; feed = chunk.indexOf(FEED, from)) {
      if (feed - from > LONGEST_LINE) throw tooLong();
      yield* value(chunk.subarray(from, feed));
      from = feed + 1;
    }
    begun = chunk.subarray(from);
    if (begun.length > LONGEST_LINE) throw tooLong();
  }
  yield* value(begun);
}

/** Empty lines keep a connection alive and mean nothing. */
function* value(line: Buffer): Generator<unknown, void> {
  if (line.toString('latin1').trim() !== '') yield parse(line);
}

function tooLong(): FramehubError {
  return new FramehubError('BODY_TOO_LARGE', `Expected lines of at most ${LONGEST_LINE} bytes.`);
}

function parse(bytes: Buffer): unknown {
  const text = bytes.toString();
  try {
    return JSON.parse(text);
  } catch {
    const shown = text.trim() === '' ? 'nothing' : JSON.stringify(text.trim().slice(0, 80));
    return new FramehubError('REQUEST_INVALID', `Expected JSON; got ${shown}.`);
  }
}
