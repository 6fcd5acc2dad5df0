import { FramehubError } from '../errors.ts';
import type { Channel } from '../hub/channel.ts';
import type { Log } from '../log.ts';
import { Variant } from './variant.ts';
import { snap, type VariantWish, variantLabel } from './variant-spec.ts';

/** Forms of one camera at a time: each costs an encoding per frame. */
const MAX_VARIANTS = 32;

/** The forms in which cameras are watched now. */
export class Variants {
  readonly #log: Log;
  readonly #byCamera = new Map<Channel, Map<string, Variant>>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** The forms in which this camera is watched now. */
  of(camera: Channel): readonly Variant[] {
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
    const variants = this.#byCamera.get(camera) ?? new Map<string, Variant>();
    const known = variants.get(label);
    if (known !== undefined) return known.channel;
    if (variants.size >= MAX_VARIANTS) {
      throw new FramehubError(
        'TOO_MANY',
        `"${camera.camera}" is watched in ${MAX_VARIANTS} forms already; "${label}" would be one more.`,
      );
    }
    const variant = new Variant(camera, spec, this.#log, () => {
      variants.delete(label);
      if (variants.size === 0) this.#byCamera.delete(camera);
    });
    variants.set(label, variant);
    this.#byCamera.set(camera, variants);
    return variant.channel;
  }
}
