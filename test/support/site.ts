import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { CameraInfo } from '../../src/api/camera-schemas.ts';
import { createFramehub, type Framehub, type FramehubOptions } from '../../src/index.ts';

/** What stands between a browser and framehub. */
export interface Surroundings {
  /** Only plain HTTP gets through, as with some proxies. Default: false. */
  readonly blocksWebSocket?: boolean;
  /** The path under which framehub is seen from outside, such as `/cams`. */
  readonly path?: string;
}

/** A framehub at one address that can go away and come back there, as a server restart does. */
export class Site {
  readonly #options: FramehubOptions;
  readonly #surroundings: Surroundings;
  #server: Server | undefined;
  #port = 0;
  framehub: Framehub | undefined;
  /** Served at `/players.html`, as if it were a page of the application around framehub. */
  html = '';

  constructor(options: FramehubOptions, surroundings: Surroundings = {}) {
    this.#options = options;
    this.#surroundings = surroundings;
  }

  /** No slash at its end. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}${this.#surroundings.path ?? ''}`;
  }

  async start(): Promise<this> {
    const framehub = await createFramehub(this.#options);
    const server = createServer({ requestTimeout: 0 }, (request, response) => {
      this.#enter(request);
      if (request.url !== '/players.html') return framehub.handler(request, response);
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.end(this.html);
    });
    if (!this.#surroundings.blocksWebSocket) {
      server.on('upgrade', (request, socket, head) => {
        this.#enter(request);
        framehub.upgrade(request, socket, head);
      });
    }
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

  /** What a proxy does with the path in front; anything outside it is not ours. */
  #enter(request: IncomingMessage): void {
    const { path = '' } = this.#surroundings;
    const { url = '' } = request;
    request.url = url.startsWith(path) ? url.slice(path.length) : '/outside';
  }
}
