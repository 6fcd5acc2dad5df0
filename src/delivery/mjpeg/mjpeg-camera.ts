import type { CameraStatus } from '../../api/camera-status.ts';
import type { Frame } from '../../frame.ts';
import type { Channel } from '../../hub/channel.ts';
import type { Log } from '../../log.ts';
import type { Dialect } from './dialect.ts';
import { PartBuilder, type SharedPart } from './shared-part.ts';
import { framePicture, placeholderStreamPicture, type StreamPicture } from './stream-picture.ts';

/** How often the watched viewers are looked at while frames come, ms. */
const TICK = 100;
/**
 * How often all viewers are, for repeats and placeholders, while none comes, ms. Longer, so that the
 * frames of a quick camera are the only clock.
 */
const SILENT_TICK = 150;
/** Size of a placeholder for a camera that has not shown a picture yet, pixels. */
const UNKNOWN_SIZE = { width: 1280, height: 720 };

export type DrawPlaceholder = (
  size: { readonly width: number; readonly height: number },
  name: string,
  status: CameraStatus,
) => Promise<Buffer>;

/** What this file knows of a viewer. */
export interface SharingViewer {
  /** @param now clock of `performance.now()` */
  tick(now: number): void;
}

/** What the MJPEG viewers of one camera share: the bytes of each part, and one timer. */
export class MjpegCamera {
  readonly channel: Channel;
  readonly boundary: string;
  readonly #draw: DrawPlaceholder;
  readonly #log: Log;
  readonly #onEmpty: () => void;
  readonly #viewers = new Set<SharingViewer>();
  readonly #watched = new Set<SharingViewer>();
  readonly #parts = new Map<Dialect, PartBuilder>();
  #newest: StreamPicture | undefined;
  #drawnFor: CameraStatus | undefined;
  #placeholder: StreamPicture | undefined;
  #timer: NodeJS.Timeout | undefined;
  #tickedAt = 0;
  #builds = 0;

  /** @param onEmpty called when the last viewer has left */
  constructor(
    channel: Channel,
    boundary: string,
    draw: DrawPlaceholder,
    log: Log,
    onEmpty: () => void,
  ) {
    this.channel = channel;
    this.boundary = boundary;
    this.#draw = draw;
    this.#log = log;
    this.#onEmpty = onEmpty;
  }

  /** Parts built so far: one for each picture and dialect, however many viewers. */
  get builds(): number {
    return this.#builds;
  }

  /** The picture to show instead of the camera's, when it is drawn already. */
  get placeholder(): StreamPicture | undefined {
    return this.#placeholder;
  }

  join(viewer: SharingViewer): void {
    this.#viewers.add(viewer);
    this.#timer ??= setTimeout(() => this.#tick(), SILENT_TICK);
    this.#drawStatus();
  }

  /**
   * This viewer needs a look though frames come: what it was sent is still on its way, or its link
   * is measured. All others need one only in silence.
   */
  watch(viewer: SharingViewer): void {
    this.#watched.add(viewer);
  }

  unwatch(viewer: SharingViewer): void {
    this.#watched.delete(viewer);
  }

  leave(viewer: SharingViewer): void {
    this.#viewers.delete(viewer);
    this.#watched.delete(viewer);
    if (this.#viewers.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#parts.clear();
    this.#newest = undefined;
    this.#placeholder = undefined;
    this.#drawnFor = undefined;
    this.#onEmpty();
  }

  /** The one StreamPicture of this frame. @param now clock of `performance.now()` */
  picture(frame: Frame, now: number): StreamPicture {
    if (this.#newest?.frame !== frame) {
      this.#newest = framePicture(frame);
      // The frames are the clock: a timer would wake an idle processor ten times a second more.
      if (now - this.#tickedAt >= TICK) this.#tickWatched(now);
    }
    return this.#newest;
  }

  /** The bytes of the picture in this dialect, built once and shared. */
  part(dialect: Dialect, picture: StreamPicture): SharedPart {
    let builder = this.#parts.get(dialect);
    if (builder?.newest?.picture === picture) return builder.newest;
    this.#builds += 1;
    if (builder === undefined) {
      builder = new PartBuilder(dialect, this.boundary);
      this.#parts.set(dialect, builder);
    }
    // A viewer that repeats an older picture must not push the newest one out.
    const isOld = picture !== this.#newest && picture !== this.#placeholder;
    return isOld ? builder.buildAgain(picture) : builder.build(picture);
  }

  statusChanged(): void {
    this.#drawStatus();
  }

  #tick(): void {
    if (this.#timer === undefined) return;
    const now = performance.now();
    this.#tickedAt = now;
    this.#timer.refresh();
    for (const viewer of this.#viewers) viewer.tick(now);
  }

  #tickWatched(now: number): void {
    this.#tickedAt = now;
    this.#timer?.refresh();
    if (this.#watched.size === 0) return;
    // After all viewers got the frame.
    queueMicrotask(() => {
      for (const viewer of this.#watched) viewer.tick(now);
    });
  }

  /** Draws the placeholder of the camera's status, once for all viewers. */
  #drawStatus(): void {
    const { status, latest, name } = this.channel;
    if (this.#drawnFor === status) return;
    this.#drawnFor = status;
    this.#placeholder = undefined;
    if (status.state === 'live') return;
    this.#draw(latest ?? UNKNOWN_SIZE, name, status)
      .then((data) => {
        // Meanwhile the camera may have gone on to something else.
        if (this.#drawnFor !== status) return;
        this.#placeholder = placeholderStreamPicture(data, status.state);
        this.#tick();
      })
      .catch((error: unknown) => {
        this.#log.error({ err: error, camera: this.channel.camera }, 'placeholder not drawn');
      });
  }
}
