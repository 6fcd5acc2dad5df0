import type { CameraStatus } from '../api/camera-status.ts';
import { type FramehubError, toFramehubError } from '../errors.ts';
import type { Frame } from '../frame.ts';
import { Channel } from '../hub/channel.ts';
import type { FrameSink, Reader } from '../hub/reader.ts';
import { FaultLog, type Log } from '../log.ts';
import { encode } from './encode.ts';
import { Thinner } from './thinner.ts';
import { type VariantSpec, variantLabel } from './variant-spec.ts';

/** What the reader of a variant is called among the readers of its camera. */
export const VARIANT_READER = 'variant';

/**
 * A camera's frames in another form, made once for everybody who wants them so. To the camera it
 * is one more reader, with room for one frame: it always gets the newest, and slows nobody down.
 */
export class Variant implements FrameSink {
  readonly spec: VariantSpec;
  readonly label: string;
  readonly channel: Channel;
  readonly #source: Channel;
  readonly #faults: FaultLog;
  readonly #thinner: Thinner | undefined;
  readonly #onUnused: () => void;
  #reader: Reader | undefined;
  #encodes = 0;

  /** @param onUnused called when the last reader has left; it is not used again after that */
  constructor(source: Channel, spec: VariantSpec, log: Log, onUnused: () => void) {
    this.spec = spec;
    this.label = variantLabel(spec);
    this.#source = source;
    this.#faults = new FaultLog(log, 'picture not encoded');
    this.#thinner = spec.fps === undefined ? undefined : new Thinner(spec.fps);
    this.#onUnused = onUnused;
    this.channel = new Channel(
      source.camera,
      '',
      (readers) => this.#demandChanged(readers),
      source,
    );
  }

  /** Pictures encoded so far. */
  get encodes(): number {
    return this.#encodes;
  }

  /** Frames of the camera that passed while one was being encoded. */
  get skipped(): number {
    return this.#reader?.report().skipped ?? 0;
  }

  deliver(frame: Frame): void {
    if (this.#thinner?.admits(frame.capturedAt) === false) {
      this.#reader?.pull();
      return;
    }
    encode(frame, this.spec)
      .then((encoded) => {
        if (encoded !== frame) this.#encodes += 1;
        this.#reader?.delivered(frame, encoded.data.length);
        if (this.#reader !== undefined) this.channel.publish(encoded);
      })
      .catch((thrown: unknown) => {
        const { message } = toFramehubError(thrown);
        this.#faults.add({ camera: frame.camera, variant: this.label, reason: message });
      })
      .finally(() => this.#reader?.pull());
  }

  statusChanged(status: CameraStatus): void {
    this.channel.setStatus(status);
  }

  ended(reason: FramehubError): void {
    this.#reader = undefined;
    this.#onUnused();
    this.channel.end(reason);
  }

  #demandChanged(readers: number): void {
    if (readers > 0 && this.#reader === undefined) {
      this.#reader = this.#source.read({ kind: VARIANT_READER, address: this.label }, this);
      this.#reader.pull();
    } else if (readers === 0) {
      const reader = this.#reader;
      this.#reader = undefined;
      reader?.close();
      this.#onUnused();
    }
  }
}
