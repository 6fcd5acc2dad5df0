import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FramehubError } from '../errors.ts';
import type { Http } from './http-options.ts';

const DEFAULT_PORT = 5000;
/** How many ports above the default one are tried. */
const MORE_PORTS = 20;
/** A request whose headers take longer is cut off, ms. */
const HEADERS_TIMEOUT = 15_000;
/**
 * Connections that may wait to be accepted: as many as Linux allows (net.core.somaxconn).
 * After a restart all viewers come at once, and those for whom there is no room ask again only after
 * seconds. Node's own default is 511.
 */
const BACKLOG = 4_096;

export interface Listening {
  readonly port: number;
  /** Cuts every connection. */
  close(): Promise<void>;
}

/**
 * @param port undefined: 5000 or the next free one; 0: any free one
 * @throws PORT_IN_USE, ADDRESS_UNAVAILABLE
 */
export async function listen(
  { handler, upgrade }: Pick<Http, 'handler' | 'upgrade'>,
  host: string,
  port: number | undefined,
): Promise<Listening> {
  // A sender of pictures never ends its request, so only the headers have a time limit.
  const server = createServer({ requestTimeout: 0, headersTimeout: HEADERS_TIMEOUT }, handler);
  server.on('upgrade', upgrade);
  await bind(server, host, port);
  const address = server.address();
  return {
    port: isAddressInfo(address) ? address.port : (port ?? DEFAULT_PORT),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function bind(server: Server, host: string, port: number | undefined): Promise<void> {
  if (port !== undefined) {
    await bindTo(server, host, port);
    return;
  }
  for (let candidate = DEFAULT_PORT; ; candidate += 1) {
    try {
      await bindTo(server, host, candidate);
      return;
    } catch (thrown) {
      const taken = thrown instanceof FramehubError && thrown.code === 'PORT_IN_USE';
      if (!taken || candidate >= DEFAULT_PORT + MORE_PORTS) throw thrown;
    }
  }
}

function bindTo(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      server.off('listening', onListening);
      reject(bindError(error, host, port));
    };
    const onListening = () => {
      server.off('error', onError);
      resolve();
    };
    server.once('error', onError);
    server.once('listening', onListening);
    server.listen({ port, host, backlog: BACKLOG });
  });
}

function bindError(error: NodeJS.ErrnoException, host: string, port: number): FramehubError {
  if (error.code === 'EADDRINUSE') {
    return new FramehubError(
      'PORT_IN_USE',
      `Port ${port} of ${host} is taken by another program.`,
      {
        cause: error,
      },
    );
  }
  if (error.code === 'EACCES') {
    return new FramehubError('ADDRESS_UNAVAILABLE', `This user may not listen on port ${port}.`, {
      help: 'Choose a port above 1023 with --port.',
      cause: error,
    });
  }
  return new FramehubError('ADDRESS_UNAVAILABLE', `Can't listen on ${host}: ${error.message}.`, {
    cause: error,
  });
}

function isAddressInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
