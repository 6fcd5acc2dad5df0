/** Where something is, in fractions of the picture: 0,0 is the upper left corner, 1,1 the lower right. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Detection {
  readonly label: string;
  /** How sure the detector is, 0 to 1. */
  readonly score: number;
  readonly box: Box;
  /** The same thing has the same number while it is in view. */
  readonly trackId?: number;
  /** Names of the camera's zones it stands in; left out when the camera has none. */
  readonly zones?: readonly string[];
}

/** What was found in one frame; nothing found is a result too. */
export interface DetectionResult {
  readonly camera: string;
  /** The frame it was found in: the `seq` that viewers of the picture are told. */
  readonly seq: number;
  /** When that frame was captured, ms since the epoch. */
  readonly capturedAt: number;
  /** Pixels of that frame. */
  readonly width: number;
  readonly height: number;
  readonly detector: string;
  /** How long the detector took, ms. */
  readonly inferenceMs: number;
  readonly detections: readonly Detection[];
}

/** What the detector of a camera is doing, as one tagged union. Times are ms since the epoch. */
export type DetectorStatus =
  /** Nobody wants its results. */
  | { state: 'off'; since: number; reason: string }
  /** Asked for its first result; there may be no picture yet. */
  | { state: 'starting'; since: number; reason: string }
  | { state: 'running'; since: number; reason: string }
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

/** A detector's truth, as numbers. */
export interface DetectorReport {
  readonly detector: string;
  readonly status: DetectorStatus;
  /** Results a second, lately. */
  readonly fps: number;
  /** Results since the camera was added. */
  readonly results: number;
  /** Frames that passed while it was busy or not due. */
  readonly skipped: number;
  /** How long the last picture took, ms. */
  readonly inferenceMs?: number;
}
