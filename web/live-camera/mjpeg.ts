import { annotatedUrl, type ServerAddress, streamUrl } from './address.ts';
import { type Answer, askCamera } from './ask.ts';
import { backoff } from './backoff.ts';
import type { View } from './view.ts';

/** Time between two questions for the camera's state, ms. */
const POLL = 2_000;
const PATIENCE = 5_000;

export interface MjpegHost {
  onAnswer(answer: Answer): void;
  /** A picture is on screen, or (false) none that could be trusted. */
  onPicture(shown: boolean): void;
}

/**
 * The way without WebSocket: an `<img>` that shows the camera's MJPEG stream. An image doesn't
 * tell when its stream ends, so the camera's state is asked for, and the stream begun again when
 * it can't be the one we watch.
 */
export class MjpegPlayer {
  readonly #address: ServerAddress;
  readonly #camera: string;
  readonly #annotated: boolean;
  readonly #view: View;
  readonly #host: MjpegHost;
  readonly #ended = new AbortController();
  #asking = false;
  #askAt = 0;
  #restartAt: number | undefined;
  #failures = 0;
  #shown = false;
  #last: Answer | undefined;

  /** @param annotated the pictures that were looked at, with the boxes drawn by the server */
  constructor(
    address: ServerAddress,
    camera: string,
    annotated: boolean,
    view: View,
    host: MjpegHost,
  ) {
    this.#address = address;
    this.#camera = camera;
    this.#annotated = annotated;
    this.#view = view;
    this.#host = host;
    const { signal } = this.#ended;
    view.image.addEventListener('load', () => this.#loaded(), { signal });
    view.image.addEventListener('error', () => this.#failed(), { signal });
    this.#restart();
    this.tick();
  }

  /** Called twice a second; everything here that waits, waits by it. */
  tick(): void {
    const now = performance.now();
    if (this.#restartAt !== undefined && now >= this.#restartAt) this.#restart();
    // Not every browser tells of the first picture of a stream that goes on.
    if (!this.#shown && this.#view.image.naturalWidth > 1) this.#loaded();
    if (!this.#asking && now >= this.#askAt) void this.#ask();
  }

  stop(): void {
    this.#ended.abort();
    this.#view.dropImage();
  }

  #restart(): void {
    this.#restartAt = undefined;
    const url = this.#annotated ? annotatedUrl : streamUrl;
    this.#view.loadImage(url(this.#address, this.#camera));
  }

  #loaded(): void {
    const { naturalWidth, naturalHeight } = this.#view.image;
    if (naturalWidth <= 1) return;
    this.#failures = 0;
    this.#view.revealImage();
    this.#view.resize(naturalWidth, naturalHeight);
    if (this.#shown) return;
    this.#show(true);
    // Its state has just changed as well.
    this.#askAt = 0;
  }

  #failed(): void {
    // Let go of now, not when it begins again: Chromium takes the same address, set in one go, for
    // the image it has.
    this.#view.dropImage();
    this.#show(false);
    this.#restartAt ??= performance.now() + backoff(this.#failures++);
  }

  #show(shown: boolean): void {
    this.#shown = shown;
    this.#host.onPicture(shown);
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    const timeout = AbortSignal.timeout(PATIENCE);
    const answer = await askCamera(this.#address, this.#camera, timeout);
    this.#asking = false;
    if (this.#ended.signal.aborted) return;
    this.#askAt = performance.now() + POLL;
    const last = this.#last;
    this.#last = answer;
    if (answer.kind !== 'camera') this.#failed();
    else if (last?.kind === 'camera' && isOther(last, answer)) this.#failed();
    this.#host.onAnswer(answer);
  }
}

/** True when the server was started anew in between, so that our stream must have ended. */
function isOther(before: Answer & { kind: 'camera' }, after: Answer & { kind: 'camera' }): boolean {
  const [old, now] = [before.status, after.status];
  // Nobody watches, it says: then we don't either.
  if (old.state === 'off' && now.state === 'off') return !now.stopped;
  return old.state === 'live' && now.state === 'live' && old.since !== now.since;
}
