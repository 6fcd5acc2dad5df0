export type CameraId = string;

/**
 * One picture of one camera: the only value that flows from sources to readers.
 * Never changed after it is published; all readers share the same bytes.
 */
export interface Frame {
  readonly camera: CameraId;
  /** Counts the pictures of this camera from 1, across reconnects: the frame's identity. */
  readonly seq: number;
  readonly codec: 'jpeg';
  /** Can be shown without an earlier frame. Always true for JPEG. */
  readonly keyframe: boolean;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  readonly data: Buffer;
  /** Milliseconds since the epoch, with fractions. */
  readonly capturedAt: number;
}
