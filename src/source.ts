import type { CameraId } from './frame.ts';

/** One picture as a source hands it over; the camera checks it before it becomes a Frame. */
export interface SourceFrame {
  /** One whole JPEG. Handed over: the source must not write to it again. */
  readonly data: Buffer;
  /** When it was captured, ms since the epoch. Default: the moment it arrives at the camera. */
  readonly capturedAt?: number;
}

/**
 * One way in: where the pictures of a camera come from.
 *
 * A source is opened by calling `frames` and closed by aborting the signal or leaving the loop.
 * It never retries and never swallows a failure: it throws a FramehubError whose message a person
 * can act on, and the camera decides what comes next. `frames` may be called again after an
 * earlier run has ended, never while one is running.
 */
export interface Source {
  readonly kind: string;
  /** The source as a person wrote it, with secrets redacted. */
  readonly label: string;
  /**
   * Longest time between two pictures of a healthy source, ms. The stall watch waits for three of
   * them when that is longer than its own time. Default: no more than the stall watch allows.
   */
  readonly interval?: number;
  /**
   * True when pictures are brought to us (`push:`): silence is then shown as stalled, and nothing
   * is restarted, for there is nothing to restart.
   */
  readonly passive?: boolean;
  /**
   * Yields pictures in the order they were captured until aborted (then it returns) or failed
   * (then it throws). A live source that simply ends throws SOURCE_ENDED.
   *
   * @param firstSeq the `seq` the first picture will get when the camera publishes all of them.
   */
  frames(signal: AbortSignal, firstSeq: number): AsyncIterable<SourceFrame>;
}

/** What a source may need from its surroundings. */
export interface SourceContext {
  readonly camera: CameraId;
  /** The FFmpeg program: a path, or a name looked up on PATH. */
  readonly ffmpeg: string;
  /** Pictures larger than this are refused before memory is taken, bytes. */
  readonly maxPictureBytes: number;
}

/** A kind of source: tells by the text whether it is meant, and opens it. */
export interface SourceKind {
  readonly kind: string;
  /** How it is written, for help and error messages, such as `rtsp://user:pass@host/path`. */
  readonly usage: string;
  /** True when `text` is written as this kind; the first kind that says so opens it. */
  matches(text: string): boolean;
  /** True when opening `text` runs a command or reads a file of this machine. */
  isLocal(text: string): boolean;
  /** Starts nothing. Throws SOURCE_INVALID when the text can't be understood. */
  open(text: string, context: SourceContext): Source;
}

/** A source that others bring pictures to. */
export interface PushTarget extends Source {
  /** Takes one whole JPEG, in place of one not read yet. */
  push(picture: SourceFrame): void;
}

export function isPushTarget(source: Source): source is PushTarget {
  return 'push' in source && typeof source.push === 'function';
}
