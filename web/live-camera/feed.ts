import type { CameraStatus } from '../../src/api/camera-status.ts';
import type { FrameMessage } from '../../src/api/frame-message.ts';
import type { Link } from './connection.ts';

/** What a player wants to know of its camera. */
export interface Watcher {
  onLink(link: Link): void;
  onStatus(status: CameraStatus, name: string): void;
  onGone(reason: string, known: boolean): void;
  /** `picture` is closed when this returns. */
  onFrame(picture: ImageBitmap, frame: FrameMessage): void;
}

/** One camera on one connection: decodes each frame once for every player that shows it. */
export class Feed {
  readonly camera: string;
  readonly watchers = new Set<Watcher>();
  #said: ((watcher: Watcher) => void) | undefined;
  #known = false;
  #gone = false;
  #decoding = false;
  #waiting: { frame: FrameMessage; done: () => void } | undefined;
  #undecodable = 0;

  constructor(camera: string) {
    this.camera = camera;
  }

  get gone(): boolean {
    return this.#gone;
  }

  /** A player that comes later hears what was said last. */
  add(watcher: Watcher): void {
    this.watchers.add(watcher);
    this.#said?.(watcher);
  }

  status(status: CameraStatus, name: string): void {
    this.#known = true;
    this.#gone = false;
    this.#say((watcher) => watcher.onStatus(status, name));
  }

  removed(reason: string): void {
    this.#gone = true;
    this.#say((watcher) => watcher.onGone(reason, this.#known));
  }

  /** The connection is lost: what was said no longer holds. */
  forget(): void {
    this.#said = undefined;
    this.#waiting = undefined;
  }

  /** `done` is called once it is drawn, or can't be; never for a frame that a newer one replaced. */
  frame(frame: FrameMessage, done: () => void): void {
    this.#waiting = { frame, done };
    if (!this.#decoding) void this.#decode();
  }

  async #decode(): Promise<void> {
    this.#decoding = true;
    try {
      for (let job = this.#waiting; job !== undefined; job = this.#waiting) {
        this.#waiting = undefined;
        await this.#showFrame(job.frame).finally(job.done);
      }
    } finally {
      this.#decoding = false;
    }
  }

  async #showFrame(frame: FrameMessage): Promise<void> {
    const blob = new Blob([frame.data], { type: 'image/jpeg' });
    const picture = await createImageBitmap(blob).catch(() => undefined);
    if (picture === undefined) {
      this.#warn(frame);
      return;
    }
    this.#undecodable = 0;
    try {
      for (const watcher of this.watchers) watcher.onFrame(picture, frame);
    } finally {
      picture.close();
    }
  }

  #warn({ seq, data }: FrameMessage): void {
    if (this.#undecodable++ > 0) return;
    console.warn(
      `live-camera: frame ${seq} of "${this.camera}" (${data.length} bytes) is no picture`,
    );
  }

  #say(message: (watcher: Watcher) => void): void {
    this.#said = message;
    for (const watcher of this.watchers) message(watcher);
  }
}
