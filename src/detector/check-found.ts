import type { Box } from '../api/detection.ts';
import type { FoundObject } from '../detector.ts';
import { FramehubError } from '../errors.ts';

/** More are left out, the least sure first. */
const MOST = 100;
const LONGEST_LABEL = 64;
/** How far outside the picture a box may begin or end, in fractions of it. */
const OUTSIDE = 0.5;

/**
 * What a detector answered, checked: boxes cut to the picture, those outside it left out, at most
 * 100, the surest first.
 *
 * @throws DETECTOR_INVALID
 */
export function checkFound(answer: unknown): FoundObject[] {
  if (!Array.isArray(answer)) throw invalid('a list of detections', answer);
  if (answer.length > 10 * MOST) throw invalid(`at most ${10 * MOST} detections`, answer.length);
  return answer
    .map(checkOne)
    .filter((found) => found !== undefined)
    .sort((one, other) => other.score - one.score)
    .slice(0, MOST);
}

function checkOne(given: unknown): FoundObject | undefined {
  if (!isRecord(given)) throw invalid('detections as {label, score, box}', given);
  const { label, score } = given;
  if (typeof label !== 'string' || label === '' || label.length > LONGEST_LABEL) {
    throw invalid(`a "label" of 1 to ${LONGEST_LABEL} letters`, label);
  }
  if (/\p{Cc}/u.test(label)) throw invalid('a "label" without control characters', 'some');
  if (typeof score !== 'number' || !(score >= 0 && score <= 1)) {
    throw invalid('a "score" from 0 to 1', score);
  }
  const box = cutToPicture(checkBox(given['box']));
  return box === undefined ? undefined : { label, score, box };
}

function checkBox(given: unknown): Box {
  if (!isRecord(given)) throw invalid('a "box" as {x, y, width, height}', given);
  const { x, y, width, height } = given;
  if (!isNear(x) || !isNear(y) || !isNear(width) || !isNear(height)) {
    const came = [x, y, width, height].map(shown).join(', ');
    throw invalid('a "box" of four fractions of the picture, 0 to 1', came);
  }
  return { x, y, width, height };
}

function isNear(value: unknown): value is number {
  return typeof value === 'number' && value >= -OUTSIDE && value <= 1 + OUTSIDE;
}

/** The part of a box that is in the picture, or undefined when there is none. */
function cutToPicture(box: Box): Box | undefined {
  const { x, y, width: wide, height: high } = box;
  // As it came, not as arithmetic makes it.
  if (x >= 0 && y >= 0 && wide > 0 && high > 0 && x + wide <= 1 && y + high <= 1) return box;
  const left = Math.max(0, box.x);
  const top = Math.max(0, box.y);
  const width = Math.min(1, box.x + box.width) - left;
  const height = Math.min(1, box.y + box.height) - top;
  return width > 0 && height > 0 ? { x: left, y: top, width, height } : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(expected: string, came: unknown): FramehubError {
  return new FramehubError('DETECTOR_INVALID', `Expected ${expected}; got ${shown(came)}.`);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80));
  if (typeof value === 'number' || value === undefined || value === null) return String(value);
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
