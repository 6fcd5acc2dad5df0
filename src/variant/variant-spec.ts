/**
 * In what form somebody wants the pictures. What is left out stays as the camera gives it.
 *
 * Wishes are snapped to a small ladder, so that many viewers share few encodings.
 */
export interface VariantSpec {
  /** Widest picture, pixels; never more than the camera gives. */
  readonly width?: number;
  /** JPEG quality, 1 to 100. */
  readonly quality?: number;
  /** Most pictures a second. */
  readonly fps?: number;
  /** With what was found in them drawn over; only pictures that were looked at. */
  readonly annotated?: true;
}

/** What somebody asks for, before it is snapped. */
export interface VariantWish {
  readonly width?: number | undefined;
  readonly quality?: number | undefined;
  readonly fps?: number | undefined;
  readonly annotated?: boolean | undefined;
}

const WIDTHS = [160, 240, 320, 480, 640, 800, 960, 1280, 1600, 1920, 2560];
const QUALITIES = [30, 45, 60, 75, 90];
const RATES = [0.1, 0.2, 0.5, 1, 2, 3, 5, 8, 10, 15, 20, 25, 30];

/** Quality of a picture that only had to become smaller. */
export const DEFAULT_QUALITY = 75;

/**
 * The rung of the ladder for a wish: at least as wide and as good as asked for, and no more
 * pictures than asked for. What lies beyond the ladder is the camera's own.
 */
export function snap({ width, quality, fps, annotated }: VariantWish): VariantSpec {
  const snapped = {
    width: width === undefined ? undefined : WIDTHS.find((rung) => rung >= width),
    quality: quality === undefined ? undefined : (QUALITIES.find((rung) => rung >= quality) ?? 90),
    fps: fps === undefined ? undefined : (RATES.findLast((rung) => rung <= fps) ?? RATES[0]),
  };
  return {
    ...(snapped.width === undefined ? {} : { width: snapped.width }),
    ...(snapped.quality === undefined ? {} : { quality: snapped.quality }),
    ...(snapped.fps === undefined || (fps ?? 0) > 30 ? {} : { fps: snapped.fps }),
    ...(annotated ? { annotated } : {}),
  };
}

/**
 * `annotated width=640 quality=60 fps=10`; empty for the pictures as they are. Equal for equal
 * specs.
 */
export function variantLabel({ width, quality, fps, annotated }: VariantSpec): string {
  const words = [
    annotated ? 'annotated' : '',
    width === undefined ? '' : `width=${width}`,
    quality === undefined ? '' : `quality=${quality}`,
    fps === undefined ? '' : `fps=${fps}`,
  ];
  return words.filter(Boolean).join(' ');
}
