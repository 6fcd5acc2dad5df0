import type { Detector } from '../detector.ts';
import { FramehubError } from '../errors.ts';
import { redactUrl } from '../media/redact.ts';
import { type DetectOptions, detectorForms, readDetectorText } from '../settings/detect.ts';
import { checkDetectOptions } from './check-detect-options.ts';
import { AutoDetector } from './detectors/auto/auto-detector.ts';
import { execDetector, execName } from './detectors/exec/exec-detector.ts';
import { HttpDetector } from './detectors/http/http-detector.ts';
import { MotionDetector } from './detectors/motion/motion-detector.ts';
import { objectsDetector, objectsKey } from './detectors/onnx/objects-detector.ts';
import type { InterestOptions } from './interest.ts';
import type { SharedDetectors } from './shared-detectors.ts';

/** What looks at a camera's pictures, as an application gives it. */
export interface DetectDefinition extends DetectOptions {
  /**
   * `motion`, `objects`, `auto` (`objects`, or `motion` where that can't run), `exec:` with a
   * command, an http address, or a detector of your own, which is closed together with framehub.
   */
  readonly detector: string | Detector;
}

/** A detector that can be run. */
export interface OpenDetection {
  /** For people. */
  readonly name: string;
  /** Opens the detector; starts nothing. */
  readonly open: () => Detector;
  readonly fps: number;
  /** Ms after which it is given up for a picture; undefined: it watches that itself. */
  readonly watch: number | undefined;
  readonly interest: InterestOptions;
  /** The application's own one. */
  readonly given?: Detector;
}

const DEFAULT_FPS = 5;
const DEFAULT_TIMEOUT = 5_000;
/** A detector of the application may have to load a model first, ms. */
const OWN_TIMEOUT = 30_000;
const DEFAULT_SENSITIVITY = 50;
/** A neural network is asked for what it rather believes; other detectors only tell what they see. */
const OBJECTS_MIN_SCORE = 0.5;

/**
 * Opens a detector as the operator may: also one that runs a command. Starts nothing.
 *
 * @throws DETECT_INVALID
 */
export function openDetection(
  definition: DetectDefinition,
  shared: SharedDetectors,
): OpenDetection {
  checkDetectOptions(definition);
  const { detector, fps = DEFAULT_FPS, labels, minScore, zones, mask } = definition;
  if (typeof detector !== 'string') {
    const watch = definition.timeout ?? OWN_TIMEOUT;
    const interest = { labels, minScore, zones, mask };
    // It is the application's: it stays open while nobody wants results.
    const open = () => ({
      name: detector.name,
      detect: detector.detect.bind(detector),
      close: async () => {},
    });
    return { name: detector.name, open, fps, watch, interest, given: detector };
  }
  const text = readDetectorText(detector);
  if (text === undefined) {
    throw new FramehubError(
      'DETECT_INVALID',
      `Expected a detector: ${detectorForms}; got "${redactUrl(detector).slice(0, 80)}".`,
    );
  }
  const { sensitivity = DEFAULT_SENSITIVITY, model, timeout = DEFAULT_TIMEOUT } = definition;
  const motion = () => new MotionDetector({ sensitivity, mask: mask ?? [] });
  const objects = () =>
    shared.share(objectsKey(model, timeout), () => objectsDetector(model, timeout));
  const all = { fps, watch: undefined, interest: { labels, minScore, zones, mask } };
  switch (text.kind) {
    case 'motion': {
      // Its mask is for pixels.
      const interest = { labels, minScore, zones };
      return { ...all, name: 'motion', open: motion, interest };
    }
    case 'objects':
    case 'auto': {
      const interest = { ...all.interest, minScore: minScore ?? OBJECTS_MIN_SCORE };
      const open = text.kind === 'objects' ? objects : () => new AutoDetector(objects(), motion());
      return { ...all, name: text.kind, open, interest };
    }
    case 'exec': {
      const { command } = text;
      execDetector({ command, timeout });
      return { ...all, name: execName(command), open: () => execDetector({ command, timeout }) };
    }
    case 'http': {
      const { url } = text;
      return { ...all, name: url.host, open: () => new HttpDetector({ url, timeout }) };
    }
  }
}
