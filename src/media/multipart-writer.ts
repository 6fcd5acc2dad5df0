/** Ends every line of a multipart body. */
export const CRLF = '\r\n';

/** `Content-Type` of a stream whose parts are framed with this boundary. */
export function multipartContentType(boundary: string): string {
  // The parameter has no leading dashes; the delimiter lines have two more than it.
  return `multipart/x-mixed-replace; boundary=${boundary}`;
}

/** The line that begins a part. Nothing may follow it on its line: Firefox and Chromium break. */
export function delimiter(boundary: string): string {
  return `--${boundary}${CRLF}`;
}
