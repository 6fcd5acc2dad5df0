/** Pixels. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Labelled {
  /** The box with its lines. */
  readonly box: Area;
  /** Size of its label. */
  readonly width: number;
  readonly height: number;
}

/**
 * Where labels stand: above their boxes, or below or inside where they would cover each other or
 * leave the picture.
 *
 * @param room the picture, pixels
 */
export function placeLabels(
  labelled: readonly Labelled[],
  room: { readonly width: number; readonly height: number },
): Area[] {
  const placed: Area[] = [];
  for (const { box, width, height } of labelled) {
    const right = box.left + box.width - width;
    const above = box.top - height;
    const below = box.top + box.height;
    const corners = [
      [box.left, above],
      [right, above],
      [box.left, below],
      [right, below],
      [box.left, Math.max(0, box.top)],
    ] as const;
    const places = corners
      .filter(([, top], index) => index === 4 || (top >= 0 && top + height <= room.height))
      .map(([left, top]) => ({
        left: Math.max(0, Math.min(left, room.width - width)),
        top,
        width,
        height,
      }));
    placed.push(leastCovering(places, placed));
  }
  return placed;
}

/** The first of the places that covers least. There is always one: inside the box. */
function leastCovering(places: readonly Area[], placed: readonly Area[]): Area {
  const covered = places.map((place) =>
    placed.reduce((sum, other) => sum + overlapOf(place, other), 0),
  );
  const best = places[covered.indexOf(Math.min(...covered))];
  return best ?? { left: 0, top: 0, width: 0, height: 0 };
}

function overlapOf(one: Area, other: Area): number {
  const width =
    Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
  const height =
    Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
  return width > 0 && height > 0 ? width * height : 0;
}
