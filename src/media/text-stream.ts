import type { IncomingMessage, ServerResponse } from 'node:http';

/** Keepalive probes begin after this much silence, ms. */
const KEEPALIVE = 30_000;

/**
 * Begins an answer of text that goes on for as long as it is read: Server-Sent Events, or lines.
 *
 * @param headers of the access layer, such as CORS
 * @returns false when nobody comes to read it: then it is answered already
 */
export function beginTextStream(
  request: IncomingMessage,
  response: ServerResponse,
  contentType: string,
  headers: Readonly<Record<string, string>>,
): boolean {
  response.writeHead(200, {
    'Content-Type': contentType,
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
    ...headers,
  });
  const { socket } = response;
  if (request.method === 'HEAD' || socket === null || socket.destroyed) {
    response.end();
    return false;
  }
  response.flushHeaders();
  socket.setTimeout(0);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEPALIVE);
  return true;
}
