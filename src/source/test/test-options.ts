import { SourceQuery, splitQuery } from '../query.ts';

/** Faults on demand. Pictures are counted from 1 in each run, whatever their seq. */
export interface Faults {
  /** `start`: ms before the first picture. */
  readonly start: number;
  /** `freeze`: from this picture on the same one is sent again and again. */
  readonly freeze: number | undefined;
  /** `stall`: silent after this many pictures, without ending. */
  readonly stall: number | undefined;
  /** `fail`: SOURCE_FAILED after this many pictures. */
  readonly fail: number | undefined;
  /** `end`: SOURCE_ENDED after this many pictures. */
  readonly end: number | undefined;
  /** `truncate`: this picture and the later ones are cut in half. */
  readonly truncate: number | undefined;
  /** `for`: `freeze`, `stall` and `truncate` last this many pictures. Default: to the end of the run. */
  readonly lasting: number;
  /** `always`: in every run. Default: in the first one only, so that a restart cures it. */
  readonly always: boolean;
}

export interface TestOptions {
  /** `size`, pixels: 64x64 to 3840x2160. Default 1280x720. */
  readonly width: number;
  readonly height: number;
  /** `fps`: 0.1 to 120. Default 30. */
  readonly fps: number;
  /** `clock=off` leaves it out; the same seq is then the same bytes in every run. */
  readonly clock: boolean;
  readonly faults: Faults;
}

const names = [
  ...['size', 'fps', 'clock'],
  ...['start', 'freeze', 'stall', 'fail', 'end', 'truncate', 'for', 'always'],
];
const MOST_PICTURES = 1_000_000_000;
const LONGEST_START = 600_000;

/** @param text `test:` with its options. Throws SOURCE_INVALID. */
export function testOptions(text: string): TestOptions {
  const query = new SourceQuery('test', splitQuery(text).query, names);
  const pictures = (name: string, min: number) =>
    query.number(name, { min, max: MOST_PICTURES, whole: true });
  return {
    ...sizeOf(query),
    fps: query.number('fps', { min: 0.1, max: 120 }) ?? 30,
    clock: query.choice('clock', ['on', 'off']) !== 'off',
    faults: {
      start: query.number('start', { min: 0, max: LONGEST_START }) ?? 0,
      freeze: pictures('freeze', 1),
      stall: pictures('stall', 0),
      fail: pictures('fail', 0),
      end: pictures('end', 0),
      truncate: pictures('truncate', 1),
      lasting: pictures('for', 1) ?? Infinity,
      always: query.choice('always', ['true', 'false']) === 'true',
    },
  };
}

function sizeOf(query: SourceQuery): { readonly width: number; readonly height: number } {
  const text = query.text('size') ?? '1280x720';
  const [, width = 0, height = 0] = (/^(\d{2,4})x(\d{2,4})$/i.exec(text) ?? []).map(Number);
  if (width >= 64 && width <= 3840 && height >= 64 && height <= 2160) return { width, height };
  throw query.invalid('size', 'a width and height from 64x64 to 3840x2160', text);
}
