import type { Channel } from '../../hub/channel.ts';
import type { Reader } from '../../hub/reader.ts';
import { LinkFit } from '../../variant/link-fit.ts';
import { rungsFor } from '../../variant/rungs.ts';
import { type VariantSpec, variantLabel } from '../../variant/variant-spec.ts';
import type { MjpegCamera } from './mjpeg-camera.ts';

/** Keeps one viewer in the form of the pictures that its link can carry. */
export class Fitting {
  readonly #source: Channel;
  readonly #cameraFor: (spec: VariantSpec) => MjpegCamera | undefined;
  #fit: LinkFit | undefined;

  /** @param cameraFor the MJPEG camera of a form; undefined when there are too many forms already */
  constructor(source: Channel, cameraFor: (spec: VariantSpec) => MjpegCamera | undefined) {
    this.#source = source;
    this.#cameraFor = cameraFor;
  }

  /** A picture was handed to the socket, at `now` (ms). */
  sent(now: number): void {
    this.#fit?.sent(now);
  }

  /** The kernel has taken it. */
  taken(bytes: number, now: number): void {
    this.#fit?.taken(bytes, now);
  }

  /** The MJPEG camera to go over to, when another form is due; says why in the reader's report. */
  decide(reader: Reader, now: number): MjpegCamera | undefined {
    const { latest, fps } = this.#source;
    if (latest === undefined) return undefined;
    this.#fit ??= new LinkFit(rungsFor(latest.width), now);
    if (!this.#fit.decide(fps, now)) return undefined;
    const { spec } = this.#fit.rung;
    const camera = this.#cameraFor(spec);
    if (camera !== undefined) reader.describe({ variant: variantLabel(spec), fit: this.#why() });
    return camera;
  }

  #why(): string {
    const carries = this.#fit?.carries;
    if (carries === undefined) return 'the link has not been the limit yet';
    return `the link carried ${((carries * 8) / 1e6).toFixed(1)} Mbit/s when it was the limit`;
  }
}
