import { encodeFrameMessage } from '../../api/frame-message.ts';
import type { Frame } from '../../frame.ts';

/** Frames as WebSocket messages, each built once for all its viewers and kept as long as the frame. */
export class FrameMessages {
  readonly #messages = new WeakMap<Frame, Uint8Array>();

  bytes(frame: Frame): Uint8Array {
    const known = this.#messages.get(frame);
    if (known !== undefined) return known;
    const bytes = encodeFrameMessage(frame);
    this.#messages.set(frame, bytes);
    return bytes;
  }
}
