/** What a camera is doing, as one tagged union. Times are ms since the epoch. */
export type CameraStatus =
  /** Not running: nobody watches, or someone stopped it (then `stopped` is true until started). */
  | { state: 'off'; since: number; reason: string; stopped: boolean }
  /** Opened, no picture yet. */
  | { state: 'starting'; since: number; reason: string }
  | { state: 'live'; since: number; reason: string }
  /** Running, but silent for longer than the stall watch allows. */
  | { state: 'stalled'; since: number; reason: string; code: string }
  /** Failed; asked again at `nextAttemptAt`. */
  | {
      state: 'retrying';
      since: number;
      reason: string;
      code: string;
      help: string;
      attempt: number;
      nextAttemptAt: number;
    };
