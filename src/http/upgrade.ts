import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { FramehubError, toFramehubError } from '../errors.ts';
import type { Http, HttpOptions } from './http-options.ts';
import { addressOf } from './peer.ts';
import { PROBLEM_TYPE, toProblem } from './problem.ts';

/** Lets WebSockets in, or says over plain HTTP why not. */
export function upgradeHandler({ access, websocket }: HttpOptions): Http['upgrade'] {
  return (request, socket, head) => {
    // Node leaves the socket of an upgrade without a listener, and an unheard error ends the process.
    socket.on('error', () => socket.destroy());
    try {
      access.check(request);
      if (!isSocketPath(request)) {
        throw new FramehubError('NOT_FOUND', 'The WebSocket of this server is at /ws.');
      }
      websocket.accept(request, socket, head, addressOf(request));
    } catch (thrown) {
      refuse(socket, toFramehubError(thrown));
    }
  };
}

/** `/ws`, wherever the handler is mounted: frameworks do not strip the mount path of an upgrade. */
function isSocketPath(request: IncomingMessage): boolean {
  const path = (request.url ?? '').split('?')[0] ?? '';
  return path === '/ws' || path.endsWith('/ws');
}

function refuse(socket: Duplex, error: FramehubError): void {
  const problem = toProblem(error);
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
