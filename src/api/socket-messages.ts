import type { CameraStatus } from './camera-status.ts';
import type { DetectionResult } from './detection.ts';
import type { CameraEvent, EventChange } from './event.ts';

/** Unacknowledged frames a viewer may have in flight per camera. */
export const FRAME_CREDIT = 2;

/** What a viewer sends on `/ws`, as JSON text. */
export type ClientMessage =
  /**
   * Frames and status of these cameras, in this form: widest picture (pixels), JPEG quality (1 to
   * 100), most pictures a second; with `detections` also what is found in its frames, as data;
   * with `events` what happens to the events recorded of it.
   * Subscribing again changes all of this, without a gap.
   */
  | {
      type: 'subscribe';
      cameras: string[];
      width?: number;
      quality?: number;
      fps?: number;
      detections?: boolean;
      events?: boolean;
    }
  | { type: 'unsubscribe'; cameras: string[] }
  /** The frame `seq` of `camera`, and all before it, are done with. */
  | { type: 'ack'; camera: string; seq: number }
  /** Answered by `pong` with the same `id` and the server's clock. */
  | { type: 'ping'; id: number };

/** What the server sends on `/ws` as JSON text; frames are binary, see frame-message.ts. */
export type ServerMessage =
  /** First message. `now` is the server's clock, ms since the epoch. */
  | { type: 'hello'; protocol: 1; now: number }
  /** After subscribing, and whenever it changes. */
  | { type: 'status'; camera: string; name: string; status: CameraStatus }
  /** The camera was removed (or never was); nothing more comes for it until it is subscribed again. */
  | { type: 'gone'; camera: string; code: string; message: string }
  /**
   * What was found in a frame, as soon as it is known: before or after that frame, which may also
   * be one of those left out. `skipped`: results left out before this one, when there were any.
   */
  | { type: 'detections'; result: DetectionResult; skipped?: number }
  /** What was seen for a while, when it begins, changes and ends. */
  | { type: 'event'; change: EventChange; event: CameraEvent }
  | { type: 'pong'; id: number; now: number }
  /** A message that was not understood; the connection goes on. */
  | { type: 'error'; code: string; message: string; help: string };
