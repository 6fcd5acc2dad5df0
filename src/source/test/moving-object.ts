/** A box in fractions of the picture, 0 to 1, as detections use it. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Pictures until it is back at the same place, across and down. */
const PERIOD_X = 240;
const PERIOD_Y = 170;

/**
 * Where the ball of the test picture is: its bounding box, which depends on `seq` alone and always
 * lies on whole pixels. It stays between the seq mark above and the colour bars below.
 */
export function objectAt(seq: number, width: number, height: number): Box {
  const size = ballSize(width, height);
  const top = Math.ceil(height * 0.12);
  const bottom = Math.floor(height * 0.88) - size;
  const left = swing(seq / PERIOD_X, 0, width - size);
  return {
    x: left / width,
    y: swing(seq / PERIOD_Y, top, bottom) / height,
    width: size / width,
    height: size / height,
  };
}

/** Diameter of the ball, pixels. */
export function ballSize(width: number, height: number): number {
  return Math.max(6, Math.round(Math.min(width, height) * 0.14));
}

/** From `from` to `to` and back in one `turn`, as a pendulum does; whole pixels. */
function swing(turn: number, from: number, to: number): number {
  return Math.round(from + (to - from) * (0.5 - 0.5 * Math.cos(2 * Math.PI * turn)));
}
