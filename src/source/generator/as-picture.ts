import { FramehubError } from '../../errors.ts';
import type { SourceFrame } from '../../source.ts';

/** What a generator yielded, as a SourceFrame without copying. Throws PICTURE_INVALID. */
export function asPicture(value: unknown): SourceFrame {
  if (value instanceof Uint8Array) return { data: asBuffer(value) };
  if (typeof value === 'object' && value !== null && 'data' in value) {
    const { data } = value;
    const capturedAt = 'capturedAt' in value ? value.capturedAt : undefined;
    if (!(data instanceof Uint8Array)) throw invalid(`an object with ${named(data)} as "data"`);
    if (capturedAt === undefined) return { data: asBuffer(data) };
    if (typeof capturedAt === 'number' && Number.isFinite(capturedAt)) {
      return { data: asBuffer(data), capturedAt };
    }
    throw invalid(`an object with ${named(capturedAt)} as "capturedAt" (ms since the epoch)`);
  }
  throw invalid(named(value));
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function invalid(came: string): FramehubError {
  return new FramehubError(
    'PICTURE_INVALID',
    `Expected a JPEG as Buffer or Uint8Array, or { data, capturedAt }, but the generator yielded ${came}.`,
  );
}

function named(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value !== 'object') return `a ${typeof value}`;
  return `an object of type ${value.constructor?.name ?? 'null'}`;
}
