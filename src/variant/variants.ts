import type { DetectorReport } from '../api/detection.ts';
import type { Results } from '../detection/results.ts';
import { FramehubError } from '../errors.ts';
import type { CameraId } from '../frame.ts';
import type { Channel } from '../hub/channel.ts';
import type { Log } from '../log.ts';
import { AnnotatedVariant } from './annotated-variant.ts';
import { BoxPainter } from './box-painter.ts';
import { Variant } from './variant.ts';
import { snap, type VariantSpec, type VariantWish, variantLabel } from './variant-spec.ts';

/** Forms of one camera at a time: each costs an encoding per frame. */
const MAX_VARIANTS = 32;

/** One form in which a camera is watched. */
export interface Form {
  readonly spec: VariantSpec;
  readonly label: string;
  readonly channel: Channel;
  /** Pictures encoded so far. */
  readonly encodes: number;
  /** Frames that were to be encoded and were not, because newer ones were there. */
  readonly skipped: number;
}

/** What is found in the frames of cameras, and by whom. */
export interface Findings {
  results(camera: CameraId): Results;
  report(camera: CameraId): DetectorReport | undefined;
}

/** The forms in which cameras are watched now. */
export class Variants {
  readonly #log: Log;
  readonly #findings: Findings;
  readonly #painter = new BoxPainter();
  readonly #byCamera = new Map<Channel, Map<string, Form>>();

  constructor(log: Log, findings: Findings) {
    this.#log = log;
    this.#findings = findings;
  }

  /** The forms in which this camera is watched now. */
  of(camera: Channel): readonly Form[] {
    return [...(this.#byCamera.get(camera)?.values() ?? [])];
  }

  /**
   * The channel of the camera's frames as somebody wants them, shared by all who want the same. To
   * be read at once: it is gone when its last reader leaves.
   *
   * @throws TOO_MANY
   */
  channel(camera: Channel, wish: VariantWish): Channel {
    const spec = snap(wish);
    const label = variantLabel(spec);
    if (label === '') return camera;
    const variants = this.#byCamera.get(camera) ?? new Map<string, Form>();
    const known = variants.get(label);
    if (known !== undefined) return known.channel;
    if (variants.size >= MAX_VARIANTS) {
      throw new FramehubError(
        'TOO_MANY',
        `"${camera.camera}" is watched in ${MAX_VARIANTS} forms already; "${label}" would be one more.`,
      );
    }
    const form = this.#make(camera, spec, () => {
      variants.delete(label);
      if (variants.size === 0) this.#byCamera.delete(camera);
    });
    variants.set(label, form);
    this.#byCamera.set(camera, variants);
    return form.channel;
  }

  #make(camera: Channel, spec: VariantSpec, onUnused: () => void): Form {
    if (spec.annotated === undefined) return new Variant(camera, spec, this.#log, onUnused);
    return new AnnotatedVariant(camera, spec, {
      results: this.#findings.results(camera.camera),
      detector: () => this.#findings.report(camera.camera)?.status,
      painter: this.#painter,
      log: this.#log,
      onUnused,
    });
  }
}
