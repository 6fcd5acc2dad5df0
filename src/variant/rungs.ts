import type { VariantSpec } from './variant-spec.ts';

/** One form a reader with `quality=auto` may be given. */
export interface Rung {
  readonly spec: VariantSpec;
  /** Bytes of a picture, as a part of those the camera gives: a guess until one was seen. */
  readonly weight: number;
}

/** From best to lightest; widths are those of the ladder. */
const STEPS: readonly VariantSpec[] = [
  { width: 1920, quality: 75 },
  { width: 1280, quality: 75 },
  { width: 1280, quality: 60 },
  { width: 960, quality: 60 },
  { width: 800, quality: 60 },
  { width: 640, quality: 60 },
  { width: 480, quality: 60 },
  { width: 480, quality: 45 },
  { width: 320, quality: 45 },
  { width: 320, quality: 45, fps: 15 },
  { width: 320, quality: 30, fps: 10 },
  { width: 160, quality: 30, fps: 5 },
  { width: 160, quality: 30, fps: 2 },
];

/** Bytes per pixel against quality 75, measured on the demo footage (libjpeg-turbo). */
const QUALITY_WEIGHT: Readonly<Record<number, number>> = { 75: 1, 60: 0.75, 45: 0.6, 30: 0.45 };

/**
 * The forms for a camera with pictures of this width: first as they are, then ever lighter.
 * A smaller picture has more detail per pixel, so bytes fall slower than its area.
 */
export function rungsFor(width: number): readonly Rung[] {
  const lighter = STEPS.filter((step) => (step.width ?? 0) <= width);
  return [
    { spec: {}, weight: 1 },
    ...lighter.map((spec) => {
      const scale = (spec.width ?? width) / width;
      return { spec, weight: scale ** 1.7 * (QUALITY_WEIGHT[spec.quality ?? 75] ?? 1) };
    }),
  ];
}
