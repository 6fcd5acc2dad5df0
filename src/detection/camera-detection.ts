import type { DetectionResult, DetectorReport } from '../api/detection.ts';
import { checkFound } from '../detector/check-found.ts';
import type { FoundObject } from '../detector.ts';
import { FramehubError } from '../errors.ts';
import type { CameraId } from '../frame.ts';
import type { Channel } from '../hub/channel.ts';
import type { FrameIdentity } from '../hub/recent-frames.ts';
import type { Log } from '../log.ts';
import { DetectionLoop } from './detection-loop.ts';
import { Interest } from './interest.ts';
import type { OpenDetection } from './open-detector.ts';
import { Results } from './results.ts';
import { Tracker } from './tracking/tracker.ts';

/** Detectors that may bring results to one camera from elsewhere. */
const MOST_TRACKERS = 8;
/** The name of a detector, letters. */
const LONGEST_NAME = 64;

/** A result that was found elsewhere, as it comes. */
export interface ForeignResult {
  /** The frame it was found in, by number, capture time (ms since the epoch) or both. */
  readonly seq?: number | undefined;
  readonly capturedAt?: number | undefined;
  /** 1 to 64 letters. Default `push`. */
  readonly detector?: string | undefined;
  /** Ms. Default 0: not told. */
  readonly inferenceMs?: number | undefined;
  /** Checked like those of any other detector. */
  readonly detections: unknown;
}

/** All that is found in the pictures of one camera, by its own detector and by others. */
export class CameraDetection {
  readonly results: Results;
  readonly #camera: CameraId;
  readonly #channel: Channel;
  readonly #loop: DetectionLoop | undefined;
  readonly #detector: string | undefined;
  readonly #interest: Interest;
  readonly #own: Tracker;
  readonly #foreign = new Map<string, Tracker>();
  #tracks = 0;

  /** @param detection the camera's own detector; undefined when it has none */
  constructor(channel: Channel, detection: OpenDetection | undefined, log: Log) {
    this.#camera = channel.camera;
    this.#channel = channel;
    this.#interest = new Interest(detection?.interest ?? {});
    this.#own = this.#newTracker();
    this.#detector = detection?.name;
    if (detection !== undefined) {
      const { name, open, fps, watch } = detection;
      this.#loop = new DetectionLoop({
        ...{ channel, name, open, fps, watch, log },
        onFound: (frame, found, by, ms) =>
          this.#publish(frame, checkFound(found), this.#own, by, ms),
      });
    }
    this.results = new Results((wanted) => this.#loop?.demand(wanted));
  }

  /** What its own detector does; undefined when it has none. */
  report(): DetectorReport | undefined {
    const loop = this.#loop;
    if (loop === undefined || this.#detector === undefined) return undefined;
    const { status, results, skipped, inferenceMs } = loop;
    return {
      detector: this.#detector,
      status,
      fps: Math.round(loop.fps * 10) / 10,
      results,
      skipped,
      ...(inferenceMs === undefined ? {} : { inferenceMs: Math.round(inferenceMs * 10) / 10 }),
    };
  }

  /** @throws RESULT_UNKNOWN_FRAME, DETECTOR_INVALID, TOO_MANY */
  publishForeign(given: ForeignResult): DetectionResult {
    const { seq, capturedAt, detector = 'push', inferenceMs = 0 } = given;
    const frame = this.#channel.recent.find({ seq, capturedAt });
    if (frame === undefined) throw this.#unknownFrame(given);
    if (detector.length === 0 || detector.length > LONGEST_NAME || /\p{Cc}/u.test(detector)) {
      throw new FramehubError(
        'DETECTOR_INVALID',
        `Expected the name of a "detector" of 1 to ${LONGEST_NAME} letters; got ${detector.length}.`,
      );
    }
    if (!(inferenceMs >= 0 && Number.isFinite(inferenceMs))) {
      throw new FramehubError(
        'DETECTOR_INVALID',
        `Expected "inferenceMs" to be a time of at least 0; got ${inferenceMs}.`,
      );
    }
    const found = checkFound(given.detections);
    return this.#publish(frame, found, this.#trackerOf(detector), detector, inferenceMs);
  }

  async close(): Promise<void> {
    await this.#loop?.close();
  }

  #publish(
    { seq, capturedAt, width, height }: FrameIdentity,
    all: readonly FoundObject[],
    tracker: Tracker,
    detector: string,
    inferenceMs: number,
  ): DetectionResult {
    const { found, faint } = this.#interest.divide(all);
    const detections = tracker
      .update(found, faint, capturedAt)
      .map((detection) => this.#interest.locate(detection));
    const result: DetectionResult = {
      camera: this.#camera,
      ...{ seq, capturedAt, width, height, detector },
      inferenceMs: Math.round(inferenceMs * 10) / 10,
      detections,
    };
    this.results.publish(result);
    return result;
  }

  #trackerOf(detector: string): Tracker {
    const known = this.#foreign.get(detector);
    if (known !== undefined) return known;
    if (this.#foreign.size >= MOST_TRACKERS) {
      throw new FramehubError(
        'TOO_MANY',
        `"${this.#camera}" has results of ${MOST_TRACKERS} detectors already.`,
        { help: 'Send results under the same few names each time.' },
      );
    }
    const tracker = this.#newTracker();
    this.#foreign.set(detector, tracker);
    return tracker;
  }

  /** The numbers of tracks are the camera's, whoever found them. */
  #newTracker(): Tracker {
    return new Tracker(() => {
      this.#tracks += 1;
      return this.#tracks;
    });
  }

  #unknownFrame({ seq, capturedAt }: ForeignResult): FramehubError {
    const named = [
      seq === undefined ? [] : `"seq" ${seq}`,
      capturedAt === undefined ? [] : `"capturedAt" ${capturedAt}`,
    ].flat();
    const { latest } = this.#channel;
    const newest = latest === undefined ? 'it has had none yet' : `its newest is ${latest.seq}`;
    return new FramehubError(
      'RESULT_UNKNOWN_FRAME',
      named.length === 0
        ? 'Expected "seq" or "capturedAt" to say which frame this is about; got neither.'
        : `"${this.#camera}" had no frame with ${named.join(' and ')} lately; ${newest}.`,
    );
  }
}
