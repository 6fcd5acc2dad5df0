import { FramehubError } from '../errors.ts';
import { type DetectOptions, detectLimits, isPolygon } from '../settings/detect.ts';

/** @throws DETECT_INVALID */
export function checkDetectOptions(options: DetectOptions): void {
  for (const key of ['fps', 'minScore', 'sensitivity', 'timeout'] as const) {
    const value = options[key];
    const [least, most] = detectLimits[key];
    if (value !== undefined && !(value >= least && value <= most)) {
      throw invalid(`"${key}" to be a number from ${least} to ${most}`, value);
    }
  }
  for (const [name, polygon] of Object.entries(options.zones ?? {})) {
    if (!isPolygon(polygon)) throw invalid(`the zone "${name}" to be ${polygonForm}`, 'another');
  }
  if (options.mask?.every(isPolygon) === false) {
    throw invalid(`"mask" to be a list of areas, each ${polygonForm}`, 'another');
  }
}

const polygonForm = 'three or more points [x, y] in fractions of the picture, 0 to 1';

function invalid(expected: string, came: unknown): FramehubError {
  return new FramehubError('DETECT_INVALID', `Expected ${expected}; got ${String(came)}.`);
}
