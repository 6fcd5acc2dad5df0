import type { IncomingHttpHeaders } from 'node:http';
import { CRLF, delimiter } from '../../media/multipart-writer.ts';
import type { StreamPicture } from './stream-picture.ts';

/** How a stream is framed, for those who read multipart each in their own way. */
export interface Dialect {
  readonly name: 'plain' | 'advance' | 'repeat';
  /** What comes before the first picture. */
  open(boundary: string): string;
  /** What comes right before a picture: ASCII. */
  before(picture: StreamPicture): string;
  /** What comes right after every picture, its line end included: ASCII. */
  after(boundary: string): string;
  /** After this much silence the last picture is sent again the first time, ms. */
  readonly firstRepeat: number;
}

/** Silence after which the last picture is sent again, every time, ms. */
const REPEAT = 1_000;
/** WebKit holds a picture back until another part has come; a slow camera must not wait for its next. */
const WEBKIT_REPEAT = 200;

const CONTENT_TYPE = `Content-Type: image/jpeg${CRLF}`;

/** A boundary before the first part and one after every part; headers of a picture right before it. */
const plain: Dialect = {
  name: 'plain',
  firstRepeat: REPEAT,
  open: (boundary) => delimiter(boundary),
  before: ({ data, headers }) =>
    `${CONTENT_TYPE}Content-Length: ${data.length}${CRLF}${headers}${CRLF}`,
  after: (boundary) => CRLF + delimiter(boundary),
};

/**
 * Chromium shows a picture once it has parsed the header block of the next part
 * (crbug.com/527446), so that block is sent along in advance. It comes before its picture is
 * known, so it can say neither length nor frame id.
 */
const advance: Dialect = {
  name: 'advance',
  firstRepeat: REPEAT,
  open: (boundary) => delimiter(boundary) + CONTENT_TYPE + CRLF,
  before: () => '',
  after: (boundary) => CRLF + delimiter(boundary) + CONTENT_TYPE + CRLF,
};

/** WebKit wants the last picture twice, and not together with headers in advance. */
const repeat: Dialect = { ...plain, name: 'repeat', firstRepeat: WEBKIT_REPEAT };

/** The dialect for whoever sent these request headers. */
export function dialectFor(headers: IncomingHttpHeaders): Dialect {
  const agent = headers['user-agent'] ?? '';
  // A script that fetches the stream parses it itself and wants each picture's own headers.
  if (headers['sec-fetch-dest'] === 'empty') return plain;
  if (/\bChrom(e|ium)\//.test(agent)) return advance;
  // Every browser on iOS is WebKit, whatever it calls itself.
  if (/\bAppleWebKit\//.test(agent)) return repeat;
  return plain;
}

/** True when a person looks at it, not a program. */
export function isBrowser(headers: IncomingHttpHeaders): boolean {
  return /^Mozilla\//.test(headers['user-agent'] ?? '') && headers['sec-fetch-dest'] !== 'empty';
}
