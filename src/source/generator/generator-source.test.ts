import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { FramehubError } from '../../errors.ts';
import { sourceContract, take } from '../../source.contract.ts';
import { type FramesFunction, generatorSource } from './generator-source.ts';

const jpeg = (number: number) => Buffer.from([0xff, 0xd8, number, 0xff, 0xd9]);

async function* counting(signal: AbortSignal) {
  for (let number = 1; ; number++) {
    yield jpeg(number);
    await sleep(5, undefined, { signal });
  }
}

/** What a run throws. */
async function failure(frames: FramesFunction): Promise<unknown> {
  return take(generatorSource(frames), 100).then(
    () => new Error('expected a failure'),
    (error: unknown) => error,
  );
}

sourceContract('generator', () => ({
  open: () => generatorSource(counting),
  placeOf: ({ data }) => data[2] ?? 0,
  failing: {
    open: () =>
      generatorSource(async function* () {
        yield jpeg(1);
        throw new Error('the lens cap is on');
      }),
    code: 'SOURCE_FAILED',
  },
}));

describe('generator', () => {
  it('pictures may be Buffers, Uint8Arrays, or objects with the time of capture', async () => {
    const source = generatorSource(async function* () {
      yield jpeg(1);
      yield new Uint8Array(jpeg(2));
      yield { data: new Uint8Array(jpeg(3)), capturedAt: 1_700_000_000_000.5 };
    });
    expect(await take(source, 3)).toEqual([
      { data: jpeg(1) },
      { data: jpeg(2) },
      { data: jpeg(3), capturedAt: 1_700_000_000_000.5 },
    ]);
  });

  it('an error of its own keeps its cause; a FramehubError stays as it is', async () => {
    const cause = new Error('the lens cap is on');
    const wrapped = await failure(async function* () {
      yield jpeg(1);
      throw cause;
    });
    expect(wrapped).toMatchObject({ code: 'SOURCE_FAILED', message: 'the lens cap is on', cause });
    const own = new FramehubError('DEVICE_BUSY', 'The camera is used by another program.');
    expect(
      await failure(() => {
        throw own;
      }),
    ).toBe(own);
  });

  it('a return is SOURCE_ENDED', async () => {
    const error = await failure(async function* () {
      yield jpeg(1);
    });
    expect(error).toMatchObject({ code: 'SOURCE_ENDED' });
  });

  it.each([
    ['text', 'a string'],
    [7, 'the number 7'],
    [null, 'null'],
    [{ picture: 1 }, 'an object of type Object'],
    [{ data: 'text' }, 'an object with a string as "data"'],
    [{ data: jpeg(1), capturedAt: '12:00' }, 'an object with a string as "capturedAt"'],
  ])('%j is PICTURE_INVALID and the message says what came', async (value, came) => {
    const yields = async function* () {
      yield value;
    };
    const error = await failure(yields as unknown as FramesFunction);
    expect(error).toMatchObject({
      code: 'PICTURE_INVALID',
      message: expect.stringContaining(came),
    });
  });

  it('a function that is no generator is SOURCE_INVALID', async () => {
    const error = await failure((() => 5) as unknown as FramesFunction);
    expect(error).toMatchObject({
      code: 'SOURCE_INVALID',
      message: expect.stringContaining('number'),
    });
  });

  it('a generator that ignores its signal is left after a second, and its camera is free', async () => {
    const abort = new AbortController();
    const deaf = generatorSource(async function* () {
      yield jpeg(1);
      await new Promise(() => {});
    });
    const run = deaf.frames(abort.signal, 1)[Symbol.asyncIterator]();
    await run.next();
    const pending = run.next();
    abort.abort();
    const aborted = performance.now();
    expect((await pending).done).toBe(true);
    expect(performance.now() - aborted).toBeLessThan(1_900);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });

  it('leaving the loop aborts the signal and runs the finally of the generator', async () => {
    let given: AbortSignal | undefined;
    let cleaned = false;
    const source = generatorSource(async function* (signal) {
      given = signal;
      try {
        for (;;) yield jpeg(1);
      } finally {
        await sleep(20);
        cleaned = true;
      }
    });
    for await (const _ of source.frames(new AbortController().signal, 1)) break;
    expect(given?.aborted).toBe(true);
    expect(cleaned).toBe(true);
  });
});
