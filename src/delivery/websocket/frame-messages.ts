import { encodeFrameMessage } from '../../api/frame-message.ts';
import type { Frame } from '../../frame.ts';

/** The newest frame of each camera as a WebSocket message, built once for all its viewers. */
export class FrameMessages {
  readonly #newest = new Map<string, { readonly frame: Frame; readonly bytes: Uint8Array }>();

  bytes(frame: Frame): Uint8Array {
    const kept = this.#newest.get(frame.camera);
    if (kept?.frame === frame) return kept.bytes;
    const bytes = encodeFrameMessage(frame);
    this.#newest.set(frame.camera, { frame, bytes });
    return bytes;
  }

  /** Nobody reads here any more. */
  clear(): void {
    this.#newest.clear();
  }
}
