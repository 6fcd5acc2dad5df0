import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Frame } from '../../frame.ts';
import type { FrameSink, Reader, ReaderIdentity } from '../../hub/reader.ts';
import type { Dialect } from './dialect.ts';
import type { MjpegCamera } from './mjpeg-camera.ts';
import type { StreamPicture } from './stream-picture.ts';

/** Silence after which the last picture is sent again, ms. */
const REPEAT = 1_000;
/** A link slower than this is a dead one, bytes a second. */
const SLOWEST_LINK = 4_096;

export interface ViewerOptions {
  readonly identity: ReaderIdentity;
  readonly dialect: Dialect;
  /** How long a cold camera may start before this viewer is shown a placeholder, ms; Infinity: never one. */
  readonly placeholderAfter: number;
  /** A viewer that takes nothing for this long is dead, ms. */
  readonly timeout: number;
}

/**
 * One MJPEG viewer: one shared buffer in flight on its socket, and the newest picture as soon as
 * that is taken. On the way of a frame nothing is allocated, copied or awaited for a viewer.
 */
export class MjpegViewer implements FrameSink {
  readonly reader: Reader;
  readonly #camera: MjpegCamera;
  readonly #socket: Socket;
  readonly #options: ViewerOptions;
  readonly #joinedAt = performance.now();
  readonly #onClose: () => void;
  #inFlight: StreamPicture | undefined;
  #inFlightBytes = 0;
  #shown: StreamPicture | undefined;
  #sentAt = performance.now();
  #repeats = 0;
  #closed = false;

  /**
   * @param response its head is sent here; from then on its socket belongs to this viewer
   * @param onClose called once, when the viewer is gone
   */
  constructor(
    camera: MjpegCamera,
    response: ServerResponse,
    socket: Socket,
    options: ViewerOptions,
    onClose: () => void,
  ) {
    this.#camera = camera;
    this.#socket = socket;
    this.#options = options;
    this.#onClose = onClose;
    response.on('close', this.#onSocketClose);
    socket.write(options.dialect.open(camera.boundary), 'latin1');
    this.reader = camera.channel.read(options.identity, this);
    camera.join(this);
    this.reader.pull();
  }

  deliver(frame: Frame): void {
    this.#send(this.#camera.picture(frame));
  }

  statusChanged(): void {
    this.#camera.statusChanged();
  }

  ended(): void {
    this.close();
  }

  /** Repeats a held picture, shows a placeholder, gives up a dead socket. */
  tick(now: number): void {
    const silence = now - this.#sentAt;
    if (this.#inFlight !== undefined) {
      const patience = this.#options.timeout + (this.#inFlightBytes / SLOWEST_LINK) * 1000;
      if (silence > patience) this.close();
      return;
    }
    const placeholder = this.#wantedPlaceholder(now);
    const due = this.#repeats === 0 ? this.#options.dialect.firstRepeat : REPEAT;
    if (placeholder !== undefined && placeholder !== this.#shown) this.#sendBetween(placeholder);
    else if (this.#shown !== undefined && silence >= due) this.#sendBetween(this.#shown);
  }

  close(): void {
    if (this.#closed) return;
    this.#socket.destroy();
    this.#release();
  }

  readonly #onSocketClose = (): void => this.#release();

  #release(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.reader.close();
    this.#camera.leave(this);
    this.#onClose();
  }

  #wantedPlaceholder(now: number): StreamPicture | undefined {
    const { placeholderAfter } = this.#options;
    if (placeholderAfter === Number.POSITIVE_INFINITY) return undefined;
    const { status } = this.#camera.channel;
    const starting = status.state === 'starting' || (status.state === 'off' && !status.stopped);
    const coldStart = this.#shown === undefined && starting;
    if (coldStart && now - this.#joinedAt < placeholderAfter) return undefined;
    return this.#camera.placeholder;
  }

  /** Sends something that is not the newest frame; the frame asked for has to wait for it. */
  #sendBetween(picture: StreamPicture): void {
    const again = picture === this.#shown;
    this.reader.hold();
    this.#send(picture);
    this.#repeats = again ? this.#repeats + 1 : 0;
  }

  #send(picture: StreamPicture): void {
    const bytes = this.#camera.part(this.#options.dialect, picture);
    this.#inFlight = picture;
    this.#inFlightBytes = bytes.length;
    this.#sentAt = performance.now();
    this.#repeats = 0;
    this.#socket.write(bytes, this.#onTaken);
  }

  /** The kernel has the whole part: there is room for the next. */
  readonly #onTaken = (error?: Error | null): void => {
    const picture = this.#inFlight;
    this.#inFlight = undefined;
    // A broken socket closes by itself and says so through `close`.
    if (error || this.#closed || picture === undefined) return;
    const first = picture !== this.#shown;
    this.#shown = picture;
    if (picture.frame !== undefined && first) {
      this.reader.delivered(picture.frame, this.#inFlightBytes);
    }
    this.reader.pull();
  };
}
