import type { FrameMessage } from '../../src/api/frame-message.ts';

/** Decodes frames one after the other; of those that come meanwhile, the newest. */
export class Decoder {
  readonly #show: (picture: ImageBitmap, frame: FrameMessage) => void;
  #decoding = false;
  #waiting: { frame: FrameMessage; done: () => void } | undefined;
  #undecodable = 0;

  /** @param show given a picture that is closed when it returns */
  constructor(show: (picture: ImageBitmap, frame: FrameMessage) => void) {
    this.#show = show;
  }

  /** `done` is called once it is shown, or can't be; never for a frame that a newer one replaced. */
  frame(frame: FrameMessage, done: () => void): void {
    this.#waiting = { frame, done };
    if (!this.#decoding) void this.#decode();
  }

  /** Leaves out what waits. */
  forget(): void {
    this.#waiting = undefined;
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
      this.#show(picture, frame);
    } finally {
      picture.close();
    }
  }

  #warn({ camera, seq, data }: FrameMessage): void {
    if (this.#undecodable++ > 0) return;
    console.warn(`live-camera: frame ${seq} of "${camera}" (${data.length} bytes) is no picture`);
  }
}
