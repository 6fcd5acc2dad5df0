import { STATUS_CODES } from 'node:http';
import type { ErrorCode, FramehubError } from '../errors.ts';

/** The one place where an error becomes a status code; every other code is a 502 or 500. */
const statusOf: Partial<Record<ErrorCode, number>> = {
  SOURCE_INVALID: 400,
  CAMERA_ID_INVALID: 400,
  REQUEST_INVALID: 400,
  MESSAGE_INVALID: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  SOURCE_FORBIDDEN: 403,
  HOST_NOT_ALLOWED: 403,
  ORIGIN_NOT_ALLOWED: 403,
  NOT_FOUND: 404,
  CAMERA_NOT_FOUND: 404,
  EVENT_NOT_FOUND: 404,
  CAMERA_EXISTS: 409,
  CAMERA_NOT_PUSH: 409,
  BODY_TOO_LARGE: 413,
  PICTURE_TOO_LARGE: 413,
  PICTURE_INVALID: 422,
  PICTURE_TRUNCATED: 422,
  RESULT_UNKNOWN_FRAME: 422,
  DETECTOR_INVALID: 422,
  TOO_MANY: 429,
  SNAPSHOT_UNAVAILABLE: 503,
  STORE_FAILED: 503,
};

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** RFC 9457 problem details. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly help: string;
}

export function toProblem(error: FramehubError): Problem {
  const status = statusOf[error.code] ?? 500;
  return {
    type: `urn:framehub:error:${error.code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    // The words of an unforeseen fault are for the log: they may hold anything.
    detail: error.code === 'INTERNAL' ? 'Something went wrong in the server.' : error.message,
    code: error.code,
    help: error.help,
  };
}
