import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { Duplex } from 'node:stream';

export interface TestServer {
  /** Such as `127.0.0.1:41234`. */
  readonly host: string;
  /** Connections that are open now. */
  open(): number;
  /** Ends it and every connection. */
  close(): Promise<void>;
}

/** A real HTTP server on a free loopback port. */
export function startHttp(handler: http.RequestListener): Promise<TestServer> {
  return listen(http.createServer(handler));
}

/** A real HTTPS server on a free loopback port. */
export function startHttps(
  identity: { readonly key: string; readonly cert: string },
  handler: http.RequestListener,
): Promise<TestServer> {
  return listen(https.createServer(identity, handler));
}

/** A TCP server that says what it likes, for those who expect HTTP. */
export function startTcp(handler: (socket: net.Socket) => void): Promise<TestServer> {
  return listen(
    net.createServer((socket) => {
      // The other side hanging up is what these tests are about.
      socket.on('error', () => socket.destroy());
      handler(socket);
    }),
  );
}

async function listen(server: net.Server): Promise<TestServer> {
  const sockets = new Set<Duplex>();
  server.on('connection', (socket: Duplex) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  return {
    host: `127.0.0.1:${address.port}`,
    open: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
