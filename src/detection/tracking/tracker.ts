import type { Box, Detection } from '../../api/detection.ts';
import { overlap } from '../../detector/overlap.ts';
import type { FoundObject } from '../../detector.ts';
import { middleX, middleY, Track } from './track.ts';

/** How long something may be out of sight and still be itself, ms; or three results, if longer. */
const OUT_OF_SIGHT = 1_500;
/** Boxes that overlap less than this are another thing, unless they are close. */
const LEAST_OVERLAP = 0.1;
/** How far apart the middles of close boxes may be, in diagonals of the larger one. */
const CLOSE = 0.9;
/** More are forgotten, those unseen for longest first. */
const MOST_TRACKS = 300;

interface Pair {
  readonly track: Track;
  readonly index: number;
  readonly likeness: number;
}

/**
 * Links what is found in the pictures of one camera over time: the same thing keeps its number
 * while it is in view. A thing gets its number when it is seen for the second time.
 */
export class Tracker {
  readonly #nextId: () => number;
  #tracks: Track[] = [];
  #last: number | undefined;
  #interval = 0;

  constructor(nextId: () => number) {
    this.#nextId = nextId;
  }

  /**
   * @param found what is in the picture
   * @param faint what may be there: it keeps a track alive, but begins none
   * @param at capture time, ms
   * @returns `found` in its order, with the numbers of those known
   */
  update(found: readonly FoundObject[], faint: readonly FoundObject[], at: number): Detection[] {
    this.#forget(at);
    const seen = this.#match(found, this.#tracks, at);
    const unseen = this.#tracks.filter((track) => !seen.includes(track));
    this.#match(faint, unseen, at);
    return found.map((one, index) => {
      const track = seen[index];
      if (track === undefined) this.#tracks.push(new Track(one, at));
      return track?.id === undefined ? one : { ...one, trackId: track.id };
    });
  }

  #forget(at: number): void {
    if (this.#last !== undefined && at > this.#last) this.#interval = at - this.#last;
    this.#last = at;
    const longest = Math.max(OUT_OF_SIGHT, 3 * this.#interval);
    this.#tracks = this.#tracks
      .filter(({ seenAt }) => at - seenAt <= longest)
      .sort((one, other) => one.seenAt - other.seenAt)
      .slice(-MOST_TRACKS);
  }

  /** The track of each one found, the likeliest pairs first. */
  #match(
    found: readonly FoundObject[],
    tracks: readonly Track[],
    at: number,
  ): readonly (Track | undefined)[] {
    const pairs: Pair[] = [];
    for (const track of tracks) {
      const expected = track.expectedAt(at);
      for (const [index, { label, box }] of found.entries()) {
        const likeness = label === track.label ? similarity(expected, box) : 0;
        if (likeness > 0) pairs.push({ track, index, likeness });
      }
    }
    pairs.sort((one, other) => other.likeness - one.likeness);
    const matched: (Track | undefined)[] = found.map(() => undefined);
    const taken = new Set<Track>();
    for (const { track, index } of pairs) {
      const one = found[index];
      if (one === undefined || matched[index] !== undefined || taken.has(track)) continue;
      matched[index] = track;
      taken.add(track);
      track.see(one, at, this.#nextId);
    }
    return matched;
  }
}

/** 1 for the same box; above 0 for one that may be of the same thing. */
function similarity(expected: Box, box: Box): number {
  const share = overlap(expected, box);
  if (share >= LEAST_OVERLAP) return share;
  // What is small and fast overlaps itself no more.
  const apart = Math.hypot(middleX(expected) - middleX(box), middleY(expected) - middleY(box));
  const diagonal = Math.max(
    Math.hypot(expected.width, expected.height),
    Math.hypot(box.width, box.height),
  );
  return Math.max(0, 1 - apart / (diagonal * CLOSE)) * LEAST_OVERLAP;
}
