import type { Frame } from '../../frame.ts';

/** A picture on its way into a stream: a frame of the camera, or a placeholder. */
export interface StreamPicture {
  readonly data: Buffer;
  /** Its own headers within the stream. */
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined for a placeholder. */
  readonly frame?: Frame;
}

export function framePicture(frame: Frame): StreamPicture {
  return {
    data: frame.data,
    frame,
    headers: {
      'X-Frame-Id': String(frame.seq),
      'X-Timestamp': timestamp(frame.capturedAt),
    },
  };
}

export function placeholderStreamPicture(data: Buffer, state: string): StreamPicture {
  return { data, headers: { 'X-Placeholder': state } };
}

/** Seconds since the epoch with six decimals, as uStreamer writes it. */
export function timestamp(capturedAt: number): string {
  return (capturedAt / 1000).toFixed(6);
}
