import type { CameraStatus } from '../api/camera-status.ts';
import type { Detection, DetectionResult, DetectorStatus } from '../api/detection.ts';
import type { Results } from '../detection/results.ts';
import { type FramehubError, toFramehubError } from '../errors.ts';
import type { Frame } from '../frame.ts';
import { Channel } from '../hub/channel.ts';
import type { FrameSink, Reader } from '../hub/reader.ts';
import { FaultLog, type Log } from '../log.ts';
import type { BoxPainter } from './box-painter.ts';
import { HeldFrames } from './held-frames.ts';
import { ResultWatch } from './result-watch.ts';
import { Thinner } from './thinner.ts';
import { VARIANT_READER } from './variant.ts';
import { type VariantSpec, variantLabel } from './variant-spec.ts';

/** Labels are small and colourful: they want more than a picture alone. */
const QUALITY = 82;

export interface AnnotatedOptions {
  readonly results: Results;
  /** What the camera's detector does; undefined when it has none. */
  readonly detector: () => DetectorStatus | undefined;
  readonly painter: BoxPainter;
  readonly log: Log;
  /** Called when the last reader has left; it is not used again after that. */
  readonly onUnused: () => void;
}

/**
 * A camera's frames with what was found in them drawn over, made once for everybody who wants them
 * so. Its frames are those that were looked at: picture and boxes are of the same frame, and keep
 * its number and time. Whoever watches wants results, so the detector runs.
 */
export class AnnotatedVariant implements FrameSink {
  readonly spec: VariantSpec;
  readonly label: string;
  readonly channel: Channel;
  readonly #source: Channel;
  readonly #results: Results;
  readonly #painter: BoxPainter;
  readonly #faults: FaultLog;
  readonly #thinner: Thinner | undefined;
  readonly #onUnused: () => void;
  readonly #held = new HeldFrames();
  readonly #watch: ResultWatch;
  #reader: Reader | undefined;
  #unsubscribe: (() => void) | undefined;
  #painting = false;
  /** Found, and to be drawn when the one before it is done. */
  #next: Frame | undefined;
  #encodes = 0;
  #skipped = 0;

  constructor(source: Channel, spec: VariantSpec, options: AnnotatedOptions) {
    const { results, detector, painter, log, onUnused } = options;
    this.spec = spec;
    this.label = variantLabel(spec);
    this.#source = source;
    this.#results = results;
    this.#painter = painter;
    this.#faults = new FaultLog(log, 'picture not annotated');
    this.#thinner = spec.fps === undefined ? undefined : new Thinner(spec.fps);
    this.#onUnused = onUnused;
    this.channel = new Channel(
      source.camera,
      '',
      (readers) => this.#demandChanged(readers),
      source,
    );
    this.#watch = new ResultWatch(detector, (status) => this.channel.setStatus(status));
  }

  get encodes(): number {
    return this.#encodes;
  }

  get skipped(): number {
    return this.#skipped;
  }

  deliver(frame: Frame): void {
    this.#held.add(frame);
    this.#reader?.pull();
  }

  statusChanged(status: CameraStatus): void {
    this.#watch.cameraChanged(status);
  }

  ended(reason: FramehubError): void {
    this.#release();
    this.channel.end(reason);
  }

  #demandChanged(readers: number): void {
    if (readers > 0 && this.#reader === undefined) {
      this.#watch.cameraChanged(this.#source.status);
      this.#unsubscribe = this.#results.subscribe((result) => this.#found(result));
      this.#reader = this.#source.read({ kind: VARIANT_READER, address: this.label }, this);
      this.#reader.pull();
    } else if (readers === 0) {
      this.#release();
    }
  }

  #release(): void {
    const reader = this.#reader;
    this.#reader = undefined;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#watch.stop();
    this.#held.clear();
    this.#next = undefined;
    reader?.close();
    this.#onUnused();
  }

  #found({ seq, capturedAt }: DetectionResult): void {
    // What another detector says of an older frame comes too late to be shown.
    if (seq <= (this.channel.latest?.seq ?? 0)) return;
    const frame = this.#held.take(seq);
    if (frame === undefined) {
      this.#skipped += 1;
    } else if (this.#thinner?.admits(capturedAt) !== false) {
      if (this.#next !== undefined) this.#skipped += 1;
      this.#next = frame;
      if (!this.#painting) void this.#paint();
    }
  }

  async #paint(): Promise<void> {
    this.#painting = true;
    for (let frame = this.#next; frame !== undefined; frame = this.#next) {
      this.#next = undefined;
      try {
        const { quality = QUALITY, width } = this.spec;
        const found = this.#detections(frame.seq);
        const picture = await this.#painter.paint(frame.data, found, { quality, width });
        this.#encodes += 1;
        if (this.#reader !== undefined) this.#publish({ ...frame, ...picture });
      } catch (thrown) {
        const { message } = toFramehubError(thrown);
        this.#faults.add({ camera: frame.camera, variant: this.label, reason: message });
      }
    }
    this.#painting = false;
  }

  #publish(frame: Frame): void {
    this.#watch.came(frame.capturedAt);
    this.channel.publish(frame);
  }

  /** All that was found in the frame, by whichever detector. */
  #detections(seq: number): Detection[] {
    return this.#results
      .since(seq - 1)
      .filter((result) => result.seq === seq)
      .flatMap(({ detections }) => detections);
  }
}
