import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Channel } from '../../hub/channel.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Log } from '../../log.ts';
import { multipartContentType } from '../../media/multipart-writer.ts';
import { dialectFor, isBrowser } from './dialect.ts';
import { type DrawPlaceholder, MjpegCamera } from './mjpeg-camera.ts';
import { MjpegViewer } from './mjpeg-viewer.ts';

/** A browser shows something at once, unless the camera is quicker, ms. */
const BROWSER_GRACE = 250;
/**
 * FFmpeg and OpenCV take the size of the first picture for the stream's, so a program is not given
 * a placeholder while a camera starts as usual, ms.
 */
const PROGRAM_GRACE = 5_000;
/** Keepalive probes begin after this much silence, ms. */
const KEEPALIVE = 30_000;

export interface MjpegOptions {
  readonly hub: Hub;
  readonly log: Log;
  readonly draw: DrawPlaceholder;
  readonly maxViewers: number;
  /** Ms. */
  readonly viewerTimeout: number;
}

export interface StreamRequest {
  readonly channel: Channel;
  /** Network address of the viewer, for the reader's report. */
  readonly address: string;
  /** False: only pictures of the camera. */
  readonly placeholder: boolean;
  /** Headers of the access layer, such as CORS. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Streams cameras as `multipart/x-mixed-replace`. */
export class MjpegDelivery {
  readonly #options: MjpegOptions;
  // Chromium looks for the boundary within the JPEG bytes, so it must not occur there.
  readonly #boundary = `framehub-${randomBytes(16).toString('hex')}`;
  readonly #cameras = new Map<Channel, MjpegCamera>();
  readonly #viewers = new Map<MjpegViewer, MjpegCamera>();

  constructor(options: MjpegOptions) {
    this.#options = options;
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /** Parts built for this camera's viewers, as long as it has any. */
  builds(channel: Channel): number {
    return this.#cameras.get(channel)?.builds ?? 0;
  }

  /** Answers the request with the stream; returns at once. */
  stream(request: IncomingMessage, response: ServerResponse, options: StreamRequest): void {
    const head = {
      'Content-Type': multipartContentType(this.#boundary),
      'Cache-Control': 'no-store, no-cache, must-revalidate, no-transform',
      Pragma: 'no-cache',
      'X-Accel-Buffering': 'no',
      'Access-Control-Expose-Headers': 'X-Frame-Id, X-Timestamp, X-Placeholder',
      Connection: 'close',
      ...options.headers,
    };
    // Without this Node answers chunked, which VLC and some cameras' clients can't read.
    response.useChunkedEncodingByDefault = false;
    response.writeHead(200, head);
    response.flushHeaders();
    const { socket } = response;
    if (request.method === 'HEAD' || socket === null || socket.destroyed) {
      response.end();
      return;
    }
    socket.setTimeout(0);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEPALIVE);
    this.#makeRoom();
    const grace = isBrowser(request.headers) ? BROWSER_GRACE : PROGRAM_GRACE;
    const camera = this.#camera(options.channel);
    const viewer: MjpegViewer = new MjpegViewer(
      camera,
      response,
      socket,
      {
        identity: { kind: 'mjpeg', address: options.address },
        dialect: dialectFor(request.headers),
        placeholderAfter: options.placeholder ? grace : Number.POSITIVE_INFINITY,
        timeout: this.#options.viewerTimeout,
      },
      () => this.#forget(viewer),
    );
    this.#viewers.set(viewer, camera);
  }

  /** Ends every viewer. */
  close(): void {
    for (const viewer of [...this.#viewers.keys()]) viewer.close();
  }

  #camera(channel: Channel): MjpegCamera {
    const known = this.#cameras.get(channel);
    if (known !== undefined) return known;
    const camera = new MjpegCamera(channel, this.#boundary, this.#options.draw, this.#options.log);
    this.#cameras.set(channel, camera);
    return camera;
  }

  #forget(viewer: MjpegViewer): void {
    const camera = this.#viewers.get(viewer);
    this.#viewers.delete(viewer);
    if (camera !== undefined && camera.viewers === 0) this.#cameras.delete(camera.channel);
  }

  /** Refusing the newest viewer would lock out whoever reloads the page: the stalest one goes. */
  #makeRoom(): void {
    if (this.#viewers.size < this.#options.maxViewers) return;
    let stalest: MjpegViewer | undefined;
    for (const viewer of this.#viewers.keys()) {
      if (stalest === undefined || viewer.reader.lastDelivery < stalest.reader.lastDelivery) {
        stalest = viewer;
      }
    }
    this.#options.log.warn(
      { viewers: this.#viewers.size },
      'viewer limit reached, stalest one ended',
    );
    stalest?.close();
  }
}
