import type { Detector } from '../../src/detector.ts';
import { objectAt } from '../../src/source/test/moving-object.ts';

/** Knows where the ball of a `test:` camera is, in any frame; takes `ms` to say so. */
export function ballDetector(ms = 0): Detector & { readonly looks: number } {
  let looks = 0;
  return {
    name: 'ball',
    get looks() {
      return looks;
    },
    async detect({ seq, width, height }) {
      looks += 1;
      if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
      return [{ label: 'ball', score: 0.93, box: objectAt(seq, width, height) }];
    },
    async close() {},
  };
}

/** Finds the ball where it is in the frame `seq`, in every picture: for a camera that is frozen. */
export function ballAt(seq: number): Detector {
  return {
    ...ballDetector(),
    detect: async ({ width, height }) => [
      { label: 'ball', score: 1, box: objectAt(seq, width, height) },
    ],
  };
}
