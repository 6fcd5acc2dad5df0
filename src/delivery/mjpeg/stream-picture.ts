import type { Frame } from '../../frame.ts';
import { CRLF } from '../../media/multipart-writer.ts';

/** A picture on its way into a stream: a frame of the camera, or a placeholder. */
export interface StreamPicture {
  readonly data: Buffer;
  /** Its own header lines within the stream, each with its line end. */
  readonly headers: string;
  /** Undefined for a placeholder. */
  readonly frame?: Frame;
}

export function framePicture(frame: Frame): StreamPicture {
  return {
    data: frame.data,
    frame,
    headers: `X-Frame-Id: ${frame.seq}${CRLF}X-Timestamp: ${timestamp(frame.capturedAt)}${CRLF}`,
  };
}

export function placeholderStreamPicture(data: Buffer, state: string): StreamPicture {
  return { data, headers: `X-Placeholder: ${state}${CRLF}` };
}

/** Seconds since the epoch with six decimals, as uStreamer writes it. */
export function timestamp(capturedAt: number): string {
  return (capturedAt / 1000).toFixed(6);
}
