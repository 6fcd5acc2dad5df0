import { type IncomingMessage, STATUS_CODES } from 'node:http';
import { type ErrorCode, FramehubError } from '../../errors.ts';
import type { Address } from './address.ts';

const unreachable = ['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EHOSTDOWN', 'ENETDOWN'];

/** What Node.js calls a fault of the connection, in words. */
export function connectionFailure(cause: Error, { label }: Address): FramehubError {
  if (cause instanceof FramehubError) return cause;
  const code = 'code' in cause ? String(cause.code) : '';
  const fail = (ours: ErrorCode, message: string, help?: string) =>
    new FramehubError(ours, message, help === undefined ? { cause } : { cause, help });
  if (code === 'ECONNREFUSED') {
    return fail('SOURCE_REFUSED', `Nothing answers at ${label}: the connection was refused.`);
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return fail('SOURCE_UNKNOWN_HOST', `The host name in ${label} is not known (${code}).`);
  }
  if (unreachable.includes(code)) {
    return fail('SOURCE_UNREACHABLE', `The host of ${label} can't be reached (${code}).`);
  }
  if (code === 'HPE_HEADER_OVERFLOW') {
    return fail('SOURCE_FAILED', `${label} answered with more than 16 KB of HTTP headers.`);
  }
  if (code.startsWith('HPE_')) {
    return fail('SOURCE_NOT_PICTURES', `${label} answered something that is not HTTP (${code}).`);
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)/.test(code)) {
    return fail(
      'SOURCE_FAILED',
      `The TLS certificate of ${label} can't be trusted: ${cause.message}.`,
      `If it is your own camera and its certificate is self-signed, add "#insecure=true" to the address.`,
    );
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) {
    return fail(
      'SOURCE_FAILED',
      `${label} does not speak TLS as expected (${code}).`,
      'Try the address with http:// instead of https://.',
    );
  }
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    return noAnswer(label, cause);
  }
  return fail('SOURCE_FAILED', `${label} failed: ${cause.message}.`);
}

export function noAnswer(label: string, cause?: Error): FramehubError {
  const message = `${label} closed the connection without an answer.`;
  return new FramehubError('SOURCE_FAILED', message, { cause });
}

/** An answer that broke off while pictures were coming. */
export function brokenOff(cause: unknown, label: string): FramehubError {
  if (cause instanceof FramehubError) return cause;
  return new FramehubError('SOURCE_ENDED', `The connection to ${label} broke off.`, { cause });
}

/** What a status other than success means; undefined for success. */
export function statusFailure(
  answer: IncomingMessage,
  address: Address,
): FramehubError | undefined {
  const { label, login } = address;
  const status = answer.statusCode ?? 0;
  if (status >= 200 && status < 300) return undefined;
  if (status === 401) {
    const offered = printable(answer.headersDistinct['www-authenticate']?.join(', ') ?? '');
    return new FramehubError(
      'SOURCE_UNAUTHORIZED',
      login
        ? `${label} did not accept the user "${login.user}" with this password (HTTP 401).`
        : `${label} asks for a user and a password (HTTP 401).`,
      login && offered && !/basic|digest/i.test(offered)
        ? { help: `It asks for a login framehub can't do: ${offered}. Set it to Digest or Basic.` }
        : {},
    );
  }
  if (status === 403) {
    return new FramehubError('SOURCE_UNAUTHORIZED', `${label} forbids access (HTTP 403).`);
  }
  if (status === 404 || status === 410) {
    return new FramehubError(
      'SOURCE_NOT_FOUND',
      `${label} has nothing at this path (HTTP ${status}).`,
    );
  }
  const name = STATUS_CODES[status];
  return new FramehubError(
    'SOURCE_HTTP_STATUS',
    `Expected pictures from ${label}, but it answered HTTP ${status}${name ? ` (${name})` : ''}.`,
  );
}

/** An answer whose type is none we can show. */
export function notPictures(contentType: string, label: string): FramehubError {
  const came = contentType === '' ? 'no Content-Type' : `"${printable(contentType)}"`;
  return new FramehubError(
    'SOURCE_NOT_PICTURES',
    `Expected multipart/x-mixed-replace or image/jpeg from ${label}, but ${came} came.`,
  );
}

/** What a camera wrote, short and without what could upset a terminal. */
function printable(text: string): string {
  return text.slice(0, 80).replace(/[^\x20-\x7e]/g, '?');
}
