import { FramehubError } from '../../errors.ts';
import { Pace, pause } from '../../media/pace.ts';
import type { Source, SourceFrame, SourceKind } from '../../source.ts';
import { TestCard } from './test-card.ts';
import { type Faults, type TestOptions, testOptions } from './test-options.ts';

/**
 * `test:?size=1280x720&fps=30`: a picture of our own with a moving ball, the clock (UTC), and its
 * `seq` to be read by eye and by machine (`seq-mark.ts`). It fails on demand, see `test-options.ts`.
 */
export const testSource: SourceKind = {
  kind: 'test',
  usage: 'test:?size=1280x720&fps=30',
  matches: (text) => /^test:/i.test(text),
  isLocal: () => false,
  open(text): Source {
    if (!/^test:($|\?)/i.test(text)) {
      throw new FramehubError(
        'SOURCE_INVALID',
        `Expected "test:" with options after a "?", but "${text}" came.`,
      );
    }
    const options = testOptions(text);
    let runs = 0;
    return {
      kind: 'test',
      label: text,
      interval: 1000 / options.fps,
      async *frames(signal, firstSeq) {
        if (signal.aborted) return;
        const faulty = options.faults.always || runs === 0;
        runs++;
        yield* play(options, faulty ? options.faults : undefined, signal, firstSeq);
      },
    };
  },
};

async function* play(
  options: TestOptions,
  faults: Faults | undefined,
  signal: AbortSignal,
  firstSeq: number,
): AsyncGenerator<SourceFrame, void> {
  if (faults && !(await pause(faults.start, signal))) return;
  const card = await TestCard.create(options);
  const pace = new Pace(options.fps);
  let data: Buffer | undefined;
  for (let sent = 0; ; sent++) {
    if (faults && !(await pass(faults, sent, options.fps, signal))) return;
    if (!(await pace.tick(signal))) return;
    const number = sent + 1;
    const capturedAt = Date.now();
    if (data === undefined || !lasts(faults, faults?.freeze, number - 1)) {
      data = await card.draw(firstSeq + sent, capturedAt);
      if (signal.aborted) return;
    }
    const cut = lasts(faults, faults?.truncate, number);
    yield { data: cut ? data.subarray(0, data.length >> 1) : data, capturedAt };
  }
}

/** The faults between two pictures: throws, or waits; false when aborted meanwhile. */
async function pass(
  { fail, end, stall, lasting }: Faults,
  sent: number,
  fps: number,
  signal: AbortSignal,
): Promise<boolean> {
  const pictures = `after ${sent} ${sent === 1 ? 'picture' : 'pictures'}`;
  if (sent === fail) {
    throw new FramehubError(
      'SOURCE_FAILED',
      `The test source failed ${pictures}, as it was told to.`,
    );
  }
  if (sent === end) {
    throw new FramehubError(
      'SOURCE_ENDED',
      `The test source ended ${pictures}, as it was told to.`,
    );
  }
  return sent === stall ? pause((lasting * 1000) / fps, signal) : true;
}

/** Whether picture `number` is one of those a fault beginning at `from` lasts for. */
function lasts(faults: Faults | undefined, from: number | undefined, number: number): boolean {
  return (
    faults !== undefined && from !== undefined && number >= from && number < from + faults.lasting
  );
}
