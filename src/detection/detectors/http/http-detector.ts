import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { checkFound } from '../../../detector/check-found.ts';
import type { Detector, FoundObject } from '../../../detector.ts';
import { FramehubError } from '../../../errors.ts';
import type { Frame } from '../../../frame.ts';
import { redactUrl } from '../../../media/redact.ts';

/** A longer answer is none, bytes: a thousand detections take less. */
const LONGEST_ANSWER = 256 * 1024;

export interface HttpDetectorOptions {
  /** User and password in it are sent as Basic login. */
  readonly url: URL;
  /** How long a picture may take, from its first byte to that of the answer, ms. */
  readonly timeout: number;
}

/**
 * A detector behind an address: each picture is POSTed as image/jpeg, and answered with JSON
 * (docs/guides/write-a-detector.md). One request at a time, over one connection.
 */
export class HttpDetector implements Detector {
  readonly name: string;
  readonly #options: HttpDetectorOptions;
  readonly #shown: string;
  readonly #agent: http.Agent;

  constructor(options: HttpDetectorOptions) {
    const { url } = options;
    this.name = url.host.slice(0, 64);
    this.#options = options;
    this.#shown = redactUrl(url.href);
    const Agent = url.protocol === 'https:' ? https.Agent : http.Agent;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 1 });
  }

  async detect(frame: Frame, signal: AbortSignal): Promise<readonly FoundObject[]> {
    signal.throwIfAborted();
    const { timeout } = this.#options;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), timeout);
    const onAbort = () => late.abort();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return readFound(await this.#post(frame, late.signal), frame.seq);
    } catch (thrown) {
      signal.throwIfAborted();
      if (late.signal.aborted) {
        const message = `${this.#shown} gave no answer within ${timeout / 1000} s.`;
        throw new FramehubError('DETECTOR_TIMEOUT', message);
      }
      if (thrown instanceof FramehubError) throw thrown;
      throw this.#failure(thrown);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  }

  async close(): Promise<void> {
    this.#agent.destroy();
  }

  async #post(frame: Frame, signal: AbortSignal): Promise<string> {
    const answer = await this.#send(frame, signal);
    const text = await readText(answer);
    const { statusCode = 0 } = answer;
    if (statusCode >= 200 && statusCode < 300) return text;
    throw new FramehubError(
      'DETECTOR_FAILED',
      `Expected ${this.#shown} to answer HTTP 200; got ${statusCode}: ${printable(text)}`,
    );
  }

  #send(frame: Frame, signal: AbortSignal): Promise<IncomingMessage> {
    const { url } = this.#options;
    const { camera, seq, capturedAt, width, height, data } = frame;
    const request = url.protocol === 'https:' ? https.request : http.request;
    return new Promise((resolve, reject) => {
      const sent = request(url, {
        method: 'POST',
        agent: this.#agent,
        signal,
        headers: {
          'Content-Type': 'image/jpeg',
          'Content-Length': data.length,
          Accept: 'application/json',
          'User-Agent': 'framehub',
          'X-Camera': camera,
          'X-Frame-Id': String(seq),
          'X-Timestamp': (capturedAt / 1000).toFixed(6),
          'X-Width': String(width),
          'X-Height': String(height),
        },
      });
      sent.once('response', resolve);
      sent.once('error', reject);
      sent.end(data);
    });
  }

  #failure(thrown: unknown): FramehubError {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
    const why = code === 'ECONNREFUSED' ? 'nothing listens there' : code || String(thrown);
    const message = `Expected a detector at ${this.#shown}, but ${why}.`;
    return new FramehubError('DETECTOR_FAILED', message, { cause: thrown });
  }
}

/** @throws DETECTOR_INVALID */
async function readText(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += chunk.length;
    if (bytes > LONGEST_ANSWER) {
      answer.destroy();
      const most = `${LONGEST_ANSWER / 1024} KB`;
      throw new FramehubError(
        'DETECTOR_INVALID',
        `Expected an answer of at most ${most}; got a longer one.`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/**
 * `{"detections": […]}`; a `seq` in it must be that of the picture.
 *
 * @throws DETECTOR_INVALID
 */
function readFound(text: string, seq: number): readonly FoundObject[] {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (cause) {
    const message = `Expected JSON; got "${printable(text)}".`;
    throw new FramehubError('DETECTOR_INVALID', message, { cause });
  }
  const fields: Record<string, unknown> = typeof answer === 'object' ? { ...answer } : {};
  if (fields['seq'] !== undefined && fields['seq'] !== seq) {
    throw new FramehubError(
      'DETECTOR_INVALID',
      `Expected the answer for the picture with "seq" ${seq}; got one for another.`,
    );
  }
  return checkFound(fields['detections']);
}

function printable(text: string): string {
  return text.slice(0, 80).replaceAll(/[^\x20-\x7e]/g, ' ');
}
