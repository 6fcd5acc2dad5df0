/**
 * A frame as one binary WebSocket message. Big-endian; 24 bytes, the camera's id, the picture:
 *
 *     offset  bytes  value
 *     0       1      message kind: 1 = frame
 *     1       1      codec: 1 = JPEG
 *     2       1      flags: bit 0 = keyframe
 *     3       1      length of the camera id, bytes
 *     4       2      width, pixels
 *     6       2      height, pixels
 *     8       8      seq, float64
 *     16      8      capture time, ms since the epoch, float64
 *     24      n      camera id, UTF-8
 *     24+n    rest   the picture
 */
export const FRAME_HEADER_BYTES = 24;
const KIND_FRAME = 1;
const CODEC_JPEG = 1;
const FLAG_KEYFRAME = 1;

export interface FrameMessage {
  readonly camera: string;
  readonly seq: number;
  readonly keyframe: boolean;
  readonly width: number;
  readonly height: number;
  readonly capturedAt: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** Builds a message; the picture's bytes are copied into it once. */
export function encodeFrameMessage(
  frame: Omit<FrameMessage, 'data'> & { readonly data: Uint8Array },
): Uint8Array<ArrayBuffer> {
  const id = new TextEncoder().encode(frame.camera);
  const message = new Uint8Array(FRAME_HEADER_BYTES + id.length + frame.data.length);
  const view = new DataView(message.buffer);
  view.setUint8(0, KIND_FRAME);
  view.setUint8(1, CODEC_JPEG);
  view.setUint8(2, frame.keyframe ? FLAG_KEYFRAME : 0);
  view.setUint8(3, id.length);
  view.setUint16(4, frame.width);
  view.setUint16(6, frame.height);
  view.setFloat64(8, frame.seq);
  view.setFloat64(16, frame.capturedAt);
  message.set(id, FRAME_HEADER_BYTES);
  message.set(frame.data, FRAME_HEADER_BYTES + id.length);
  return message;
}

/** Reads a message; `data` is a view into it. `undefined` when it is not a frame this version knows. */
export function decodeFrameMessage(message: ArrayBuffer): FrameMessage | undefined {
  if (message.byteLength < FRAME_HEADER_BYTES) return undefined;
  const view = new DataView(message);
  if (view.getUint8(0) !== KIND_FRAME || view.getUint8(1) !== CODEC_JPEG) return undefined;
  const start = FRAME_HEADER_BYTES + view.getUint8(3);
  if (message.byteLength < start) return undefined;
  return {
    camera: new TextDecoder().decode(
      new Uint8Array(message, FRAME_HEADER_BYTES, start - FRAME_HEADER_BYTES),
    ),
    keyframe: (view.getUint8(2) & FLAG_KEYFRAME) !== 0,
    width: view.getUint16(4),
    height: view.getUint16(6),
    seq: view.getFloat64(8),
    capturedAt: view.getFloat64(16),
    data: new Uint8Array(message, start),
  };
}
