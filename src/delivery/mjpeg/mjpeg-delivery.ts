import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Channel } from '../../hub/channel.ts';
import type { ViewerLimit } from '../../hub/viewer-limit.ts';
import type { Log } from '../../log.ts';
import type { KernelSocket, OpenKernelSocket } from '../../media/kernel-socket.ts';
import { multipartContentType } from '../../media/multipart-writer.ts';
import { snap, type VariantWish, variantLabel } from '../../variant/variant-spec.ts';
import type { Variants } from '../../variant/variants.ts';
import { dialectFor, isBrowser } from './dialect.ts';
import { Fitting } from './fitting.ts';
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
  readonly log: Log;
  readonly variants: Variants;
  readonly draw: DrawPlaceholder;
  readonly limit: ViewerLimit;
  /** Ms. */
  readonly viewerTimeout: number;
  /** Where there is a way to the kernel. */
  readonly openKernelSocket: OpenKernelSocket | undefined;
  /** To how many bytes what is unsent is limited; false: not. */
  readonly notSentLowat: number | false;
}

export interface StreamRequest {
  readonly channel: Channel;
  /** The form of the pictures; `auto`: what the viewer's link can carry. */
  readonly form: VariantWish | 'auto';
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
  readonly #viewers = new Set<MjpegViewer>();

  constructor(options: MjpegOptions) {
    this.#options = options;
  }

  /**
   * Answers the request with the stream; returns at once.
   *
   * @throws TOO_MANY, before anything was answered, when there are too many forms already
   */
  stream(request: IncomingMessage, response: ServerResponse, options: StreamRequest): void {
    const { socket } = response;
    if (request.method === 'HEAD' || socket === null || socket.destroyed) {
      // Nobody comes to read: a form made for this request would stay for ever.
      this.#answer(response, options.headers);
      response.end();
      return;
    }
    const form = options.form === 'auto' ? {} : options.form;
    const channel = this.#options.variants.channel(options.channel, form);
    this.#answer(response, options.headers);
    socket.setTimeout(0);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEPALIVE);
    const kernel = this.#options.openKernelSocket?.(socket);
    const grace = isBrowser(request.headers) ? BROWSER_GRACE : PROGRAM_GRACE;
    const viewer = new MjpegViewer(this.#camera(channel), response, socket, {
      identity: { kind: 'mjpeg', address: options.address },
      dialect: dialectFor(request.headers),
      placeholderAfter: options.placeholder ? grace : Number.POSITIVE_INFINITY,
      timeout: this.#options.viewerTimeout,
      kernel,
      fitting: options.form === 'auto' ? this.#fitting(options.channel) : undefined,
      onClose: (closed) => {
        this.#viewers.delete(closed);
        this.#options.limit.leave(closed);
      },
    });
    this.#viewers.add(viewer);
    this.#options.limit.enter(viewer);
    this.#describe(viewer, kernel, options.form);
  }

  /** Ends every viewer. */
  close(): void {
    for (const viewer of [...this.#viewers]) viewer.close();
  }

  /** Sends the head. */
  #answer(response: ServerResponse, headers: StreamRequest['headers']): void {
    // Without this Node answers chunked, which VLC and some cameras' clients can't read.
    response.useChunkedEncodingByDefault = false;
    response.writeHead(200, {
      'Content-Type': multipartContentType(this.#boundary),
      'Cache-Control': 'no-store, no-cache, must-revalidate, no-transform',
      Pragma: 'no-cache',
      'X-Accel-Buffering': 'no',
      'Access-Control-Expose-Headers': 'X-Frame-Id, X-Timestamp, X-Placeholder',
      Connection: 'close',
      ...headers,
    });
    response.flushHeaders();
  }

  #describe(
    viewer: MjpegViewer,
    kernel: KernelSocket | undefined,
    form: VariantWish | 'auto',
  ): void {
    const { notSentLowat } = this.#options;
    if (notSentLowat !== false && kernel?.limitUnsent(notSentLowat)) {
      viewer.reader.describe({ notSentLowat });
    }
    if (form === 'auto') {
      viewer.reader.describe({ variant: '', fit: 'the link has not been the limit yet' });
      return;
    }
    const variant = variantLabel(snap(form));
    if (variant !== '') viewer.reader.describe({ variant });
  }

  #camera(channel: Channel): MjpegCamera {
    const known = this.#cameras.get(channel);
    if (known !== undefined) return known;
    const { draw, log } = this.#options;
    const onEmpty = () => this.#cameras.delete(channel);
    const camera = new MjpegCamera(channel, this.#boundary, draw, log, onEmpty);
    this.#cameras.set(channel, camera);
    return camera;
  }

  #fitting(source: Channel): Fitting {
    return new Fitting(source, (spec) => {
      try {
        return this.#camera(this.#options.variants.channel(source, spec));
      } catch (thrown) {
        // Too many forms already: the viewer keeps the one it has.
        this.#options.log.warn(
          { camera: source.camera, err: thrown },
          'no other form for a viewer',
        );
        return undefined;
      }
    });
  }
}
