import type { Box } from '../../src/api/detection.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A rectangle in the pixels of the element. */
export interface Place extends Size {
  readonly left: number;
  readonly top: number;
}

export type Fit = 'contain' | 'cover';
/** Degrees, clockwise. */
export type Rotation = 0 | 90 | 180 | 270;

/**
 * Where the whole picture is within an element: with bars beside it (`contain`), or reaching
 * beyond the element (`cover`).
 */
export function picturePlace(element: Size, picture: Size, fit: Fit, rotation: Rotation): Place {
  const turned = isSideways(rotation)
    ? { width: picture.height, height: picture.width }
    : { width: picture.width, height: picture.height };
  const across = element.width / turned.width;
  const down = element.height / turned.height;
  const scale = fit === 'contain' ? Math.min(across, down) : Math.max(across, down);
  const width = turned.width * scale;
  const height = turned.height * scale;
  return {
    left: (element.width - width) / 2,
    top: (element.height - height) / 2,
    width,
    height,
  };
}

/** Where a box is within the element, when the picture is at `place`. */
export function boxPlace(box: Box, place: Place, rotation: Rotation): Place {
  const { x, y, width, height } = turnedBox(box, rotation);
  return {
    left: place.left + x * place.width,
    top: place.top + y * place.height,
    width: width * place.width,
    height: height * place.height,
  };
}

export function isSideways(rotation: Rotation): boolean {
  return rotation === 90 || rotation === 270;
}

/** The box in fractions of the turned picture. */
function turnedBox(box: Box, rotation: Rotation): Box {
  const { x, y, width, height } = box;
  switch (rotation) {
    case 0:
      return box;
    case 90:
      return { x: 1 - y - height, y: x, width: height, height: width };
    case 180:
      return { x: 1 - x - width, y: 1 - y - height, width, height };
    case 270:
      return { x: y, y: 1 - x - width, width: height, height: width };
  }
}
