import { afterEach, describe, expect, it, vi } from 'vitest';
import { sourceContract, take } from '../../source.contract.ts';
import type { SourceFrame } from '../../source.ts';
import { PushSource, pushSource } from './push-source.ts';

/** The smallest thing that looks like a JPEG, with a number in it. */
const picture = (number: number): SourceFrame => ({
  data: Buffer.from([0xff, 0xd8, number, 0xff, 0xd9]),
  capturedAt: number,
});

const sources: { readonly source: PushSource; readonly timer: NodeJS.Timeout }[] = [];

sourceContract(
  'push:',
  () => ({
    open() {
      const source = new PushSource();
      let number = 0;
      // Unref'd, for the suite counts what keeps the process alive.
      const timer = setInterval(() => source.push(picture(++number)), 5).unref();
      sources.push({ source, timer });
      return source;
    },
    placeOf: ({ data }) => data[2] ?? 0,
    close() {
      for (const { timer } of sources) clearInterval(timer);
    },
  }),
  { neverFails: 'pictures are brought to it, and checked by the camera' },
);

describe('push', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('the newest picture wins over one that nobody has taken yet', async () => {
    const source = new PushSource();
    for (const number of [1, 2, 3]) source.push(picture(number));
    expect(await take(source, 1)).toEqual([picture(3)]);
    expect(source.pushed).toBe(3);
    expect(source.dropped).toBe(2);
  });

  it('a picture pushed while nothing runs comes first, with the time it was pushed at', async () => {
    const source = new PushSource();
    const before = Date.now();
    source.push({ data: picture(1).data });
    const after = Date.now();
    const [kept] = await take(source, 1);
    expect(kept?.capturedAt).toBeGreaterThanOrEqual(before);
    expect(kept?.capturedAt).toBeLessThanOrEqual(after);
  });

  it('a kept picture older than 10 s is not shown', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const source = new PushSource();
    source.push(picture(1));
    vi.advanceTimersByTime(10_001);
    const abort = new AbortController();
    const run = source.frames(abort.signal);
    const first = run.next();
    expect(source.dropped).toBe(1);
    source.push(picture(2));
    expect(await first).toEqual({ done: false, value: picture(2) });
    abort.abort();
    expect((await run.next()).done).toBe(true);
  });

  it('is passive, and written "push:" and nothing else', () => {
    const source = pushSource.open('push:', { camera: 'a', ffmpeg: '', maxPictureBytes: 1 });
    expect(source.passive).toBe(true);
    expect(pushSource.isLocal('push:')).toBe(false);
    expect(() =>
      pushSource.open('push:now', { camera: 'a', ffmpeg: '', maxPictureBytes: 1 }),
    ).toThrow(expect.objectContaining({ code: 'SOURCE_INVALID' }));
  });
});
