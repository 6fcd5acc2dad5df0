import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { sourceContract, take } from '../../source.contract.ts';
import type { Source, SourceFrame } from '../../source.ts';
import { readSeqMark } from './seq-mark.ts';
import { testSource } from './test-source.ts';

const open = (options: string): Source =>
  testSource.open(`test:?size=160x120&fps=100&${options}`, {
    camera: 'test',
    ffmpeg: 'ffmpeg',
    maxPictureBytes: 1_000_000,
  });

async function seqOf({ data }: SourceFrame): Promise<number> {
  const { data: luma, info } = await sharp(data)
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return readSeqMark(luma, info.width, info.height) ?? Number.NaN;
}

const seqsOf = (pictures: readonly SourceFrame[]) => Promise.all(pictures.map(seqOf));

/** The pictures up to a failure, and the failure. */
async function runToFailure(source: Source): Promise<{ count: number; error: unknown }> {
  let count = 0;
  const error = await take(source, 100, () => count++).catch((error: unknown) => error);
  return { count, error };
}

sourceContract('test:', () => ({
  open: () => open(''),
  pictures: 20,
  placeOf: seqOf,
  failing: { open: () => open('fail=3'), code: 'SOURCE_FAILED' },
}));

describe('test', () => {
  it('draws the seq it is told to begin with, and counts on', async () => {
    expect(await seqsOf(await take(open(''), 3, () => {}, 1_000))).toEqual([1_000, 1_001, 1_002]);
  });

  it('draws its size at its rate', async () => {
    const times: number[] = [];
    const [picture] = await take(open(''), 11, () => times.push(performance.now()));
    const { width, height } = await sharp(picture?.data).metadata();
    expect({ width, height }).toEqual({ width: 160, height: 120 });
    const took = (times.at(-1) ?? 0) - (times[0] ?? 0);
    expect(took).toBeGreaterThan(85);
    expect(took).toBeLessThan(800);
  });

  it('without the clock a seq is the same bytes in every run, and each seq differs', async () => {
    const [first, second] = [await take(open('clock=off'), 5), await take(open('clock=off'), 5)];
    expect(first.map(({ data }) => data)).toEqual(second.map(({ data }) => data));
    expect(new Set(first.map(({ data }) => data.toString('base64'))).size).toBe(5);
  });

  it('with the clock the same seq differs with the time', async () => {
    const [first] = await take(open(''), 1);
    const [second] = await take(open(''), 1);
    expect(first?.data.equals(second?.data ?? Buffer.alloc(0))).toBe(false);
  });
});

describe('test, with faults', () => {
  it('freeze: the same picture again and again, for as long as told', async () => {
    expect(await seqsOf(await take(open('freeze=2'), 6))).toEqual([1, 2, 2, 2, 2, 2]);
    expect(await seqsOf(await take(open('freeze=2&for=2'), 6))).toEqual([1, 2, 2, 2, 5, 6]);
  });

  it('truncate: pictures cut in half, for as long as told', async () => {
    const pictures = await take(open('truncate=2&for=2'), 5);
    const whole = pictures.map(({ data }) => data.subarray(-2).equals(Buffer.from([0xff, 0xd9])));
    expect(whole).toEqual([true, false, false, true, true]);
  });

  it('stall: silent without ending, until aborted or for as long as told', async () => {
    const abort = new AbortController();
    const run = open('stall=1').frames(abort.signal, 1)[Symbol.asyncIterator]();
    expect((await run.next()).done).toBe(false);
    let came = false;
    const next = run.next().then((result) => {
      came = true;
      return result;
    });
    await take(open(''), 10);
    expect(came).toBe(false);
    abort.abort();
    expect((await next).done).toBe(true);

    const times: number[] = [];
    const pictures = await take(open('stall=1&for=20'), 2, () => times.push(performance.now()));
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(190);
    expect(await seqsOf(pictures)).toEqual([1, 2]);
  });

  it('fail and end: an error with its code after so many pictures', async () => {
    expect(await runToFailure(open('fail=2'))).toMatchObject({
      count: 2,
      error: { code: 'SOURCE_FAILED', message: expect.stringContaining('after 2 pictures') },
    });
    expect(await runToFailure(open('fail=0'))).toMatchObject({ count: 0 });
    expect(await runToFailure(open('end=1'))).toMatchObject({
      count: 1,
      error: { code: 'SOURCE_ENDED', message: expect.stringContaining('after 1 picture,') },
    });
  });

  it('start: the first picture takes its time', async () => {
    const started = performance.now();
    await take(open('start=200'), 1);
    expect(performance.now() - started).toBeGreaterThan(195);
  });

  it('a restart cures it, unless it is to last always', async () => {
    const once = open('fail=1');
    expect(await runToFailure(once)).toMatchObject({ count: 1 });
    expect(await take(once, 3)).toHaveLength(3);
    const always = open('fail=1&always=true');
    for (const _ of [1, 2]) expect(await runToFailure(always)).toMatchObject({ count: 1 });
  });
});

describe('the options of test', () => {
  const bare = (text: string) =>
    testSource.open(text, { camera: 'a', ffmpeg: '', maxPictureBytes: 1 });

  it('all have defaults', () => {
    expect(bare('test:').interval).toBeCloseTo(1000 / 30);
    expect(bare('test:').label).toBe('test:');
  });

  it.each([
    ['test:?size=63x64', 'from 64x64 to 3840x2160, not "63x64"'],
    ['test:?size=4000x64', 'not "4000x64"'],
    ['test:?size=big', 'not "big"'],
    ['test:?fps=0', 'from 0.1 to 120, not "0"'],
    ['test:?fps=121', 'not "121"'],
    ['test:?freeze=0', 'a whole number from 1'],
    ['test:?fail=-1', 'a whole number from 0'],
    ['test:?clock=maybe', 'on or off, not "maybe"'],
    ['test:?colour=red', 'has no option "colour"'],
    ['test:720p', 'but "test:720p" came'],
  ])('%s is SOURCE_INVALID and says what was expected', (text, message) => {
    expect(() => bare(text)).toThrow(
      expect.objectContaining({
        code: 'SOURCE_INVALID',
        message: expect.stringContaining(message),
      }),
    );
  });
});
