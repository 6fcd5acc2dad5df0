import type { Box, Detection } from '../../src/api/detection.ts';

/** How far apart two finds of one thing may be, in sizes of it. */
const NEAR = 2;

/**
 * What is to be seen in a picture between two results. What is in both moves evenly from one place
 * to the other: the same track, or the only one of its label where there are no tracks. What is in
 * one of them only stays where it was found, for the half that is nearer.
 *
 * @param share 0: at the moment of `before`; 1: at that of `after`
 */
export function between(
  before: readonly Detection[],
  after: readonly Detection[],
  share: number,
): Detection[] {
  const shown: Detection[] = [];
  const taken = new Set<Detection>();
  for (const one of before) {
    const other = partner(one, before, after);
    if (other !== undefined) {
      taken.add(other);
      shown.push({ ...other, box: boxBetween(one.box, other.box, share) });
    } else if (share < 0.5) {
      shown.push(one);
    }
  }
  if (share >= 0.5) shown.push(...after.filter((other) => !taken.has(other)));
  return shown;
}

function partner(
  one: Detection,
  before: readonly Detection[],
  after: readonly Detection[],
): Detection | undefined {
  const { trackId, label } = one;
  const same = after.find((other) => trackId !== undefined && other.trackId === trackId);
  if (same !== undefined) return same;
  // A thing has no number yet when it is seen for the first time.
  if (trackId !== undefined) return undefined;
  const loose = before.filter((each) => each.label === label && each.trackId === undefined);
  const news = after.filter(
    (other) => other.label === label && !before.some((each) => isSameTrack(each, other)),
  );
  const [other] = news;
  const alone = loose.length === 1 && news.length === 1;
  return other !== undefined && alone && areNear(one.box, other.box) ? other : undefined;
}

function areNear(one: Box, other: Box): boolean {
  const across = one.x + one.width / 2 - (other.x + other.width / 2);
  const down = one.y + one.height / 2 - (other.y + other.height / 2);
  const size = Math.max(one.width, one.height, other.width, other.height);
  return Math.hypot(across, down) <= NEAR * size;
}

function isSameTrack(one: Detection, other: Detection): boolean {
  return one.trackId !== undefined && one.trackId === other.trackId;
}

function boxBetween(one: Box, other: Box, share: number): Box {
  const mix = (from: number, to: number) => from + (to - from) * share;
  return {
    x: mix(one.x, other.x),
    y: mix(one.y, other.y),
    width: mix(one.width, other.width),
    height: mix(one.height, other.height),
  };
}
