const CRLF = '\r\n';

/** `Content-Type` of a stream whose parts this file writes. */
export function multipartContentType(boundary: string): string {
  // The parameter has no leading dashes; the delimiter lines have two more than it.
  return `multipart/x-mixed-replace; boundary=${boundary}`;
}

/** The line that begins a part. Nothing may follow it on its line: Firefox and Chromium break. */
export function delimiter(boundary: string): string {
  return `--${boundary}${CRLF}`;
}

/** A header block with the empty line that ends it. */
export function headerBlock(headers: Readonly<Record<string, string>>): string {
  let block = '';
  for (const name in headers) block += `${name}: ${headers[name]}${CRLF}`;
  return block + CRLF;
}

/** Memory of a length, whose content does not matter. */
export type TakeMemory = (length: number) => Buffer;

/** `before`, the picture and a line end, and `after`, in one buffer that all viewers share. */
export function part(
  before: string,
  body: Buffer,
  after: string,
  take: TakeMemory = Buffer.allocUnsafe,
): Buffer {
  const bytes = take(before.length + body.length + CRLF.length + after.length);
  let at = bytes.write(before, 0, 'latin1');
  at += body.copy(bytes, at);
  at += bytes.write(CRLF, at, 'latin1');
  bytes.write(after, at, 'latin1');
  return bytes;
}
