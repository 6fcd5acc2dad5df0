import type { CameraStatus } from '../api/camera-status.ts';
import type { DetectorStatus } from '../api/detection.ts';

/** Silence after which results are missed, ms, unless they were rarer all the time. */
const SILENCE = 5_000;
/** While none come it is looked this often for another reason, ms. */
const LOOK = 500;

/**
 * The state of pictures that come only when something was found out about them: that of the camera,
 * and "starting" or "stalled", with the detector's own reason, while the camera is live and results
 * are missing.
 */
export class ResultWatch {
  readonly #detector: () => DetectorStatus | undefined;
  readonly #tell: (status: CameraStatus) => void;
  #camera: CameraStatus | undefined;
  #told: CameraStatus | undefined;
  #isComing = false;
  #lastAt: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(detector: () => DetectorStatus | undefined, tell: (status: CameraStatus) => void) {
    this.#detector = detector;
    this.#tell = tell;
  }

  cameraChanged(status: CameraStatus): void {
    this.#camera = status;
    this.#isComing = false;
    if (status.state === 'live') {
      this.#miss();
      return;
    }
    clearTimeout(this.#timer);
    this.#say(status);
  }

  /** A picture is ready, captured at `capturedAt`, ms since the epoch. */
  came(capturedAt: number): void {
    const interval = this.#lastAt === undefined ? 0 : capturedAt - this.#lastAt;
    this.#lastAt = capturedAt;
    if (!this.#isComing && this.#camera?.state === 'live') {
      this.#isComing = true;
      this.#say({ ...this.#camera, since: Date.now() });
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#miss(), Math.max(SILENCE, 3 * interval));
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Says why there are none, again and again as long as that is so. */
  #miss(): void {
    if (this.#camera?.state !== 'live') return;
    this.#isComing = false;
    const status = this.#why(Date.now());
    if (status.reason !== this.#told?.reason) this.#say(status);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#miss(), LOOK);
  }

  #why(since: number): CameraStatus {
    const detector = this.#detector();
    if (detector?.state === 'retrying') {
      const { code, reason } = detector;
      return { state: 'stalled', since, reason: `its detector failed: ${reason}`, code };
    }
    if (this.#lastAt === undefined) {
      const reason =
        detector === undefined
          ? 'it has no detector, and no result was brought from elsewhere'
          : 'waiting for the first result of its detector';
      return { state: 'starting', since, reason };
    }
    return { state: 'stalled', since, reason: 'no more results come', code: 'DETECTOR_TIMEOUT' };
  }

  #say(status: CameraStatus): void {
    this.#told = status;
    this.#tell(status);
  }
}
