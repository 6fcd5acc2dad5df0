import type { CameraStatus } from '../../src/api/camera-status.ts';
import type { Detection, DetectionResult } from '../../src/api/detection.ts';
import type { FrameMessage } from '../../src/api/frame-message.ts';
import type { BoxMode } from './boxes.ts';
import type { Link } from './connection.ts';
import { Decoder } from './decoder.ts';
import { Hold } from './hold.ts';

/** What a player wants to know of its camera. */
export interface Watcher {
  readonly mode: BoxMode;
  onLink(link: Link): void;
  onStatus(status: CameraStatus, name: string): void;
  onGone(reason: string, known: boolean): void;
  /**
   * `picture` is closed when this returns. With the mode `matched` come the boxes of this very
   * frame; undefined when results come too late to tell.
   */
  onFrame(picture: ImageBitmap, frame: FrameMessage, boxes?: readonly Detection[]): void;
  /** What was found in a frame, as soon as it is known; not with the mode `off`. */
  onResult(result: DetectionResult): void;
}

/** One camera on one connection: decodes each frame once for every player that shows it alike. */
export class Feed {
  readonly camera: string;
  readonly #watchers = new Set<Watcher>();
  readonly #decoder = new Decoder((picture, frame) => {
    for (const watcher of this.#in(false)) watcher.onFrame(picture, frame);
  });
  /** Of the players that show each picture with its own boxes. */
  #hold: Hold | undefined;
  #said: ((watcher: Watcher) => void) | undefined;
  #known = false;
  #gone = false;

  constructor(camera: string) {
    this.camera = camera;
  }

  get gone(): boolean {
    return this.#gone;
  }

  get watchers(): ReadonlySet<Watcher> {
    return this.#watchers;
  }

  get wantsResults(): boolean {
    return [...this.#watchers].some(({ mode }) => mode !== 'off');
  }

  /** A player that comes later hears what was said last. */
  add(watcher: Watcher): void {
    this.#watchers.add(watcher);
    this.#said?.(watcher);
  }

  remove(watcher: Watcher): void {
    this.#watchers.delete(watcher);
    if (this.#in(true).length === 0) this.#letGo();
    if (this.#in(false).length === 0) this.#decoder.forget();
  }

  status(status: CameraStatus, name: string): void {
    this.#known = true;
    this.#gone = false;
    this.#say((watcher) => watcher.onStatus(status, name));
  }

  removed(reason: string): void {
    this.#gone = true;
    this.#letGo();
    this.#say((watcher) => watcher.onGone(reason, this.#known));
  }

  /** The connection is lost: what was said no longer holds. */
  forget(): void {
    this.#said = undefined;
    this.#decoder.forget();
    this.#letGo();
  }

  /**
   * `done` is called once there is room for the next: when it is drawn, or can't be, or is held
   * for later; never for a frame that a newer one replaced.
   */
  frame(frame: FrameMessage, done: () => void): void {
    if (this.#in(true).length > 0) {
      this.#hold ??= new Hold((picture, shown, boxes) => {
        for (const watcher of this.#in(true)) watcher.onFrame(picture, shown, boxes);
      });
      this.#hold.frame(frame);
    }
    if (this.#in(false).length > 0) this.#decoder.frame(frame, done);
    else done();
  }

  result(result: DetectionResult): void {
    this.#hold?.result(result);
    for (const watcher of this.#watchers) if (watcher.mode !== 'off') watcher.onResult(result);
  }

  #in(matched: boolean): readonly Watcher[] {
    return [...this.#watchers].filter(({ mode }) => (mode === 'matched') === matched);
  }

  #letGo(): void {
    this.#hold?.stop();
    this.#hold = undefined;
  }

  #say(message: (watcher: Watcher) => void): void {
    this.#said = message;
    for (const watcher of this.#watchers) message(watcher);
  }
}
