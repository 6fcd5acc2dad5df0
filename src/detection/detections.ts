import type { DetectionResult, DetectorReport } from '../api/detection.ts';
import type { Detector } from '../detector.ts';
import type { CameraId } from '../frame.ts';
import type { Channel } from '../hub/channel.ts';
import type { Hub } from '../hub/hub.ts';
import type { Log } from '../log.ts';
import { CameraDetection, type ForeignResult } from './camera-detection.ts';
import { type DetectDefinition, type OpenDetection, openDetection } from './open-detector.ts';
import type { Results } from './results.ts';
import { SharedDetectors } from './shared-detectors.ts';

/** What is found in the pictures of all cameras. */
export class Detections {
  readonly #hub: Hub;
  readonly #log: Log;
  readonly #shared = new SharedDetectors();
  readonly #cameras = new Map<Channel, CameraDetection>();
  /** Detectors of the application: several cameras may use one. */
  readonly #given = new Set<Detector>();
  readonly #closing = new Set<Promise<void>>();

  constructor(hub: Hub, log: Log) {
    this.#hub = hub;
    this.#log = log;
  }

  /** Opens a detector, which starts nothing. @throws DETECT_INVALID */
  open(definition: DetectDefinition): OpenDetection {
    return openDetection(definition, this.#shared);
  }

  /** Gives a camera its detector, which runs while somebody wants results. */
  add(channel: Channel, detection: OpenDetection): void {
    this.#add(channel, detection);
  }

  /**
   * The results of a camera, also of one without a detector: they may be brought from elsewhere.
   *
   * @throws CAMERA_NOT_FOUND
   */
  results(camera: CameraId): Results {
    return this.#of(camera).results;
  }

  /** What the camera's detector does; undefined when it has none. @throws CAMERA_NOT_FOUND */
  report(camera: CameraId): DetectorReport | undefined {
    return this.#cameras.get(this.#hub.channel(camera))?.report();
  }

  /**
   * Publishes what was found elsewhere in a frame of this camera.
   *
   * @throws CAMERA_NOT_FOUND, RESULT_UNKNOWN_FRAME, DETECTOR_INVALID, TOO_MANY
   */
  publishForeign(camera: CameraId, result: ForeignResult): DetectionResult {
    return this.#of(camera).publishForeign(result);
  }

  /** Ends every detector, also those of cameras removed before. */
  async close(): Promise<void> {
    for (const channel of [...this.#cameras.keys()]) this.#remove(channel);
    await Promise.all(this.#closing);
    const given = [...this.#given];
    this.#given.clear();
    await Promise.all(given.map((detector) => detector.close()));
  }

  #of(camera: CameraId): CameraDetection {
    const channel = this.#hub.channel(camera);
    return this.#cameras.get(channel) ?? this.#add(channel, undefined);
  }

  #add(channel: Channel, detection: OpenDetection | undefined): CameraDetection {
    if (detection?.given !== undefined) this.#given.add(detection.given);
    const added = new CameraDetection(channel, detection, this.#log);
    this.#cameras.set(channel, added);
    channel.onEnd(() => this.#remove(channel));
    return added;
  }

  #remove(channel: Channel): void {
    const removed = this.#cameras.get(channel);
    if (removed === undefined) return;
    this.#cameras.delete(channel);
    const closing = removed.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
