import type { Detection, DetectionResult } from '../../src/api/detection.ts';
import type { FrameMessage } from '../../src/api/frame-message.ts';
import { Decoder } from './decoder.ts';
import { type Due, HeldPictures } from './held-pictures.ts';
import { Matcher } from './matcher.ts';

/** @param boxes what is in this frame; undefined when results come too late to tell */
export type ShowMatched = (
  picture: ImageBitmap,
  frame: FrameMessage,
  boxes: readonly Detection[] | undefined,
) => void;

/** Holds a camera's pictures back until it is known what is in them, and shows both together. */
export class Hold {
  readonly #matcher = new Matcher();
  readonly #held = new HeldPictures<FrameMessage>();
  readonly #decoder: Decoder;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(show: ShowMatched) {
    this.#decoder = new Decoder((picture, frame) => {
      show(picture, frame, this.#matcher.boxes(frame.seq, frame.capturedAt, performance.now()));
    });
  }

  frame(frame: FrameMessage): void {
    const now = performance.now();
    this.#matcher.frameArrived(frame.seq, now);
    this.#held.put(frame, now);
    this.#look(now);
  }

  result(result: DetectionResult): void {
    const now = performance.now();
    this.#matcher.resultArrived(result, now);
    this.#look(now);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#held.clear();
    this.#decoder.forget();
  }

  #look(now: number): void {
    clearTimeout(this.#timer);
    const due: Due = {
      delay: this.#matcher.delay(now),
      patience: this.#matcher.patience,
      isKnown: (seq) => this.#matcher.isKnown(seq, now),
    };
    const next = this.#held.take(now, due, (held) => this.#matcher.limit(held));
    if (next !== undefined) this.#decoder.frame(next, () => {});
    const wait = this.#held.wait(now, due);
    if (wait === undefined) return;
    this.#timer = setTimeout(() => this.#look(performance.now()), Math.max(1, wait));
  }
}
