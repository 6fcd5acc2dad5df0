import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Frame } from '../../frame.ts';
import type { FrameSink, Reader, ReaderIdentity } from '../../hub/reader.ts';
import type { LimitedViewer } from '../../hub/viewer-limit.ts';
import type { KernelSocket } from '../../media/kernel-socket.ts';
import type { Dialect } from './dialect.ts';
import type { Fitting } from './fitting.ts';
import type { MjpegCamera } from './mjpeg-camera.ts';
import type { SharedPart } from './shared-part.ts';
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
  /** The way to the kernel past Node's stream, where there is one. */
  readonly kernel: KernelSocket | undefined;
  /** Chooses the form of the pictures; undefined: it stays as it is. */
  readonly fitting: Fitting | undefined;
  /** Called once, when the viewer is gone. */
  readonly onClose: (viewer: MjpegViewer) => void;
}

/**
 * One MJPEG viewer: one shared buffer in flight on its socket, and the newest picture as soon as
 * that is taken. On the way of a frame nothing is allocated, copied or awaited for a viewer: the
 * kernel takes the bytes in one call, and only what it has no room for waits in Node's stream.
 */
export class MjpegViewer implements FrameSink, LimitedViewer {
  readonly reader: Reader;
  readonly #socket: Socket;
  readonly #options: ViewerOptions;
  // What every frame needs is kept here: with many viewers each object more is a cache miss more.
  readonly #dialect: Dialect;
  readonly #kernel: KernelSocket | undefined;
  readonly #fitting: Fitting | undefined;
  readonly #joinedAt = performance.now();
  #camera: MjpegCamera;
  #inFlight: SharedPart | undefined;
  #shown: StreamPicture | undefined;
  #shownSeq = 0;
  #sentAt = performance.now();
  #repeats = 0;
  /** What comes before the first picture has left Node's stream. */
  #opened = false;
  #closed = false;

  /** @param response its head is sent; from now on its socket belongs to this viewer */
  constructor(
    camera: MjpegCamera,
    response: ServerResponse,
    socket: Socket,
    options: ViewerOptions,
  ) {
    this.#camera = camera;
    this.#socket = socket;
    this.#options = options;
    this.#dialect = options.dialect;
    this.#kernel = options.kernel;
    this.#fitting = options.fitting;
    response.on('close', this.#onSocketClose);
    socket.write(options.dialect.open(camera.boundary), 'latin1', () => {
      this.#opened = true;
    });
    this.reader = camera.channel.read(options.identity, this);
    this.#join(camera);
    this.reader.pull();
  }

  deliver(frame: Frame, now: number): void {
    // Another form of a picture that was shown already.
    if (frame.seq <= this.#shownSeq) this.reader.pull(now);
    else this.#send(this.#camera.picture(frame, now), now);
  }

  statusChanged(): void {
    this.#camera.statusChanged();
  }

  ended(): void {
    this.close();
  }

  /** Repeats a held picture, shows a placeholder, fits the form, gives up a dead socket. */
  tick(now: number): void {
    this.#fit(now);
    const silence = now - this.#sentAt;
    if (this.#inFlight !== undefined) {
      const patience = this.#options.timeout + (this.#inFlight.bytes.length / SLOWEST_LINK) * 1000;
      if (silence > patience) this.close();
      return;
    }
    const placeholder = this.#wantedPlaceholder(now);
    const due = this.#repeats === 0 ? this.#dialect.firstRepeat : REPEAT;
    if (placeholder !== undefined && placeholder !== this.#shown) {
      this.#sendBetween(placeholder, now);
    } else if (this.#shown !== undefined && silence >= due) {
      this.#sendBetween(this.#shown, now);
    }
  }

  get lastActive(): number {
    return this.reader.lastDelivery;
  }

  evict(): void {
    this.close();
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
    this.#options.onClose(this);
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
  #sendBetween(picture: StreamPicture, now: number): void {
    const again = picture === this.#shown;
    const repeats = again ? this.#repeats + 1 : 0;
    this.reader.hold();
    this.#send(picture, now);
    this.#repeats = repeats;
  }

  #send(picture: StreamPicture, now: number): void {
    const part = this.#camera.part(this.#dialect, picture);
    this.#inFlight = part;
    this.#sentAt = now;
    this.#repeats = 0;
    this.#fitting?.sent(now);
    const { bytes } = part;
    // Nothing may overtake what still waits in the stream.
    const sent = this.#opened ? (this.#kernel?.send(bytes) ?? 0) : 0;
    if (sent === bytes.length) {
      this.#taken(now);
      return;
    }
    part.holders += 1;
    this.#camera.watch(this);
    this.#socket.write(sent === 0 ? bytes : bytes.subarray(sent), this.#onWritten);
  }

  readonly #onWritten = (error?: Error | null): void => {
    if (this.#inFlight !== undefined) this.#inFlight.holders -= 1;
    if (this.#fitting === undefined) this.#camera.unwatch(this);
    // A broken socket closes by itself and says so through `close`.
    if (error || this.#closed) this.#inFlight = undefined;
    else this.#taken(performance.now());
  };

  /** The kernel has the whole part: there is room for the next. */
  #taken(now: number): void {
    const part = this.#inFlight;
    this.#inFlight = undefined;
    if (part === undefined) return;
    const { picture, bytes } = part;
    const first = picture !== this.#shown;
    this.#shown = picture;
    if (picture.frame !== undefined) {
      this.#shownSeq = picture.frame.seq;
      if (first) this.reader.delivered(picture.frame, bytes.length, now);
    }
    if (this.#fitting !== undefined) {
      this.#fitting.taken(bytes.length, now);
      this.#fit(now);
    }
    this.reader.pull(now);
  }

  /** Goes over to another form of the pictures, without the viewer's doing. */
  #fit(now: number): void {
    const camera = this.#fitting?.decide(this.reader, now);
    if (camera === undefined || camera === this.#camera) return;
    const left = this.#camera;
    this.#camera = camera;
    this.reader.moveTo(camera.channel);
    this.#join(camera);
    left.leave(this);
    if (this.#inFlight === undefined) this.reader.pull(now);
  }

  #join(camera: MjpegCamera): void {
    camera.join(this);
    if (this.#fitting !== undefined) camera.watch(this);
  }
}
