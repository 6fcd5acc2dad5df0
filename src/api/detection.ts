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
