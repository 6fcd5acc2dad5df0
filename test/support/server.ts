import { createServer, type Server } from 'node:http';
import { pino } from 'pino';
import type { CameraInfo } from '../../src/api/camera-schemas.ts';
import type { Framehub } from '../../src/framehub.ts';
import { createFramehub, type FramehubOptions } from '../../src/index.ts';

export interface TestServer {
  readonly framehub: Framehub;
  readonly server: Server;
  readonly port: number;
  /** No slash at its end. */
  readonly url: string;
  camera(id: string): Promise<CameraInfo>;
  close(): Promise<void>;
}

/** A framehub behind a plain HTTP server on a free loopback port. */
export async function startServer(options: FramehubOptions = {}): Promise<TestServer> {
  const framehub = await createFramehub({ log: pino({ level: 'silent' }), ...options });
  const server = createServer({ requestTimeout: 0 }, framehub.handler);
  server.on('upgrade', framehub.upgrade);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const url = `http://127.0.0.1:${port}`;
  return {
    framehub,
    server,
    port,
    url,
    camera: async (id) => {
      const response = await fetch(`${url}/api/cameras/${id}`);
      const text = await response.text();
      if (!response.ok) throw new Error(text);
      const info: CameraInfo = JSON.parse(text);
      return info;
    },
    close: async () => {
      await framehub.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
