import { checkFound } from '../../../detector/check-found.ts';
import type { FoundObject } from '../../../detector.ts';
import { FramehubError } from '../../../errors.ts';
import type { Frame } from '../../../frame.ts';
import { redactSecrets } from '../../../media/redact.ts';
import { quoted } from './answering-child.ts';

/**
 * A picture as a detector program reads it from its standard input: the length of the header (4
 * bytes, big-endian), the header (JSON), the picture (JPEG, `bytes` long).
 */
export function questionOf(frame: Frame): readonly Buffer[] {
  const { camera, seq, capturedAt, width, height, data } = frame;
  const fields = { camera, seq, capturedAt, width, height, bytes: data.length };
  const header = Buffer.from(JSON.stringify(fields));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  return [Buffer.concat([length, header]), data];
}

/** What a program said of one picture. */
export type Answer =
  | { readonly found: readonly FoundObject[] }
  /** It could not do this one, and goes on. */
  | { readonly error: string };

/**
 * Reads the line a detector program wrote for the picture `seq`:
 * `{"seq": 7, "detections": [{"label", "score", "box": {"x", "y", "width", "height"}}]}`, or
 * `{"seq": 7, "error": "a sentence"}`.
 *
 * @throws DETECTOR_INVALID
 */
export function readAnswer(line: string, seq: number): Answer {
  const answer = parse(line);
  if (answer['seq'] !== seq) {
    const came = 'seq' in answer ? quoted(JSON.stringify(answer['seq'])) : 'none';
    throw new FramehubError(
      'DETECTOR_INVALID',
      `Expected the answer for the picture with "seq" ${seq}; got ${came}.`,
    );
  }
  const { error, detections } = answer;
  if (typeof error === 'string') return { error: redactSecrets(error.slice(0, 300)) };
  return { found: checkFound(detections) };
}

function parse(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch (cause) {
    const message = `Expected a line of JSON; got ${quoted(line)}.`;
    throw new FramehubError('DETECTOR_INVALID', message, { cause });
  }
  throw new FramehubError('DETECTOR_INVALID', `Expected an object in JSON; got ${quoted(line)}.`);
}
