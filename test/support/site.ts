import { createServer, type Server } from 'node:http';
import type { CameraInfo } from '../../src/api/camera-schemas.ts';
import { createFramehub, type Framehub, type FramehubOptions } from '../../src/index.ts';

/** A framehub at one address that can go away and come back there, as a server restart does. */
export class Site {
  readonly #options: FramehubOptions;
  readonly #passesWebSocket: boolean;
  #server: Server | undefined;
  #port = 0;
  framehub: Framehub | undefined;
  /** Served at `/players.html`, as if it were a page of the application around framehub. */
  html = '';

  /** @param passesWebSocket false: as behind a proxy that lets only HTTP through */
  constructor(options: FramehubOptions, passesWebSocket = true) {
    this.#options = options;
    this.#passesWebSocket = passesWebSocket;
  }

  /** No slash at its end. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<this> {
    const framehub = await createFramehub(this.#options);
    const server = createServer({ requestTimeout: 0 }, (request, response) => {
      if (request.url !== '/players.html') return framehub.handler(request, response);
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.end(this.html);
    });
    if (this.#passesWebSocket) server.on('upgrade', framehub.upgrade);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
    this.#server = server;
    this.framehub = framehub;
    return this;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    await this.framehub?.close();
    this.framehub = undefined;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  async readers(id: string): Promise<CameraInfo['readers']> {
    const response = await fetch(`${this.url}/api/cameras/${id}`);
    if (!response.ok) throw new Error(await response.text());
    const info = (await response.json()) as CameraInfo;
    return info.readers;
  }
}
