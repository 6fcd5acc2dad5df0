import { getEventListeners } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  activeResources,
  expectReturnTo,
  grown,
  type Resources,
  restingResources,
} from '../test/support/resources.ts';
import { type ErrorCode, FramehubError } from './errors.ts';
import type { Source, SourceFrame } from './source.ts';

/** What the suite needs to know of one source. Every `open` is a new one, and starts nothing. */
export interface ContractSubject {
  /** A healthy source that yields at least `pictures` pictures within a few seconds. */
  open(): Source;
  /** How many pictures the order is looked at for. Default 5. */
  readonly pictures?: number;
  /** The place of a picture in the order it was captured in; only compared, gaps are fine. */
  placeOf?(picture: SourceFrame, index: number): number | Promise<number>;
  /** A source that fails, before or after some pictures. Required unless `neverFails` is given. */
  readonly failing?: {
    open(): Source;
    readonly code: ErrorCode;
    /** How often the far side was asked; looked at after a single run. */
    attempts?(): number;
  };
  /** Must appear neither in the label nor in an error's text. */
  readonly secrets?: readonly string[];
  /** What a run has left behind, in words; asked until empty. For what Node.js can't see itself. */
  leftovers?(): readonly string[] | Promise<readonly string[]>;
  /** Ends what `setup` started. */
  close?(): void | Promise<void>;
}

export interface ContractOptions {
  /** Why this source has no way to fail; leaves out the behaviours of failure. */
  readonly neverFails?: string;
}

/** How long ending a run may take, ms. */
const PROMPT = 2_000;

/** The suite every source passes. `setup` runs once for all of it. */
export function sourceContract(
  name: string,
  setup: () => Promise<ContractSubject> | ContractSubject,
  options: ContractOptions = {},
): void {
  describe(`${name} keeps the contract of a source`, () => {
    let subject: ContractSubject;
    let before: Resources;
    beforeAll(async () => {
      subject = await setup();
      before = await restingResources();
    });
    afterAll(async () => {
      await subject?.close?.();
    });

    it('opening starts nothing', () => {
      const now = activeResources();
      const source = subject.open();
      expect(grown(now)).toEqual([]);
      expect(source.kind).not.toBe('');
      for (const secret of subject.secrets ?? []) expect(source.label).not.toContain(secret);
    });

    it('the first picture is a whole JPEG', async () => {
      const [picture] = await take(subject.open(), 1);
      expect(picture?.data.subarray(0, 2).toString('hex'), 'begins with SOI').toBe('ffd8');
      expect(picture?.data.subarray(-2).toString('hex'), 'ends with EOI').toBe('ffd9');
    });

    it('pictures come in the order they were captured, and stay as they were handed over', async () => {
      const count = subject.pictures ?? 5;
      const copies: Buffer[] = [];
      const pictures = await take(subject.open(), count, (picture) => {
        copies.push(Buffer.from(picture.data));
      });
      expect(pictures).toHaveLength(count);
      const places: number[] = [];
      for (const [index, picture] of pictures.entries()) {
        expect(picture.data.equals(copies[index] ?? Buffer.alloc(0)), `picture ${index}`).toBe(
          true,
        );
        places.push((await subject.placeOf?.(picture, index)) ?? index);
      }
      expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
      const times = pictures.flatMap(({ capturedAt }) =>
        capturedAt === undefined ? [] : [capturedAt],
      );
      expect(times).toEqual([...times].sort((a, b) => a - b));
    });

    it('an abort between two pictures ends it promptly and leaves nothing behind', async () => {
      const abort = new AbortController();
      let ended = 0;
      for await (const _ of subject.open().frames(abort.signal, 1)) {
        if (abort.signal.aborted) continue;
        abort.abort();
        ended = performance.now();
      }
      expect(abort.signal.aborted, 'a picture came').toBe(true);
      expect(performance.now() - ended).toBeLessThan(PROMPT);
      await expectNothingLeft(subject, before, abort.signal);
    });

    it('an abort while the next picture is awaited ends it promptly and leaves nothing behind', async () => {
      const abort = new AbortController();
      const run = subject.open().frames(abort.signal, 1)[Symbol.asyncIterator]();
      expect((await run.next()).done).toBe(false);
      const pending = run.next();
      abort.abort();
      const aborted = performance.now();
      await pending;
      expect((await run.next()).done).toBe(true);
      expect(performance.now() - aborted).toBeLessThan(PROMPT);
      await expectNothingLeft(subject, before, abort.signal);
    });

    it('an abort while it is still opening ends it promptly and leaves nothing behind', async () => {
      const abort = new AbortController();
      const run = subject.open().frames(abort.signal, 1)[Symbol.asyncIterator]();
      const pending = run.next();
      abort.abort();
      const aborted = performance.now();
      await pending;
      expect((await run.next()).done).toBe(true);
      expect(performance.now() - aborted).toBeLessThan(PROMPT);
      await expectNothingLeft(subject, before, abort.signal);
    });

    it('leaving the loop closes it', async () => {
      const { signal } = new AbortController();
      const left = await leaveAfterFirst(subject.open(), signal);
      expect(performance.now() - left).toBeLessThan(PROMPT);
      await expectNothingLeft(subject, before, signal);
    });

    it('can be run again after it ended', async () => {
      const source = subject.open();
      for (let run = 0; run < 2; run++) {
        expect(await take(source, 2), `run ${run + 1}`).toHaveLength(2);
      }
    });

    it('yields nothing when already aborted', async () => {
      const signal = AbortSignal.abort();
      const pictures: SourceFrame[] = [];
      for await (const picture of subject.open().frames(signal, 1)) pictures.push(picture);
      expect(pictures).toEqual([]);
      await expectNothingLeft(subject, before, signal);
    });

    if (options.neverFails !== undefined) return;

    it('a failure has a code and a reason, ends the run, and is not retried inside', async () => {
      const failing = subject.failing;
      if (failing === undefined) throw new Error(`${name}: say how it fails, or why it never does`);
      const { signal } = new AbortController();
      const run = failing.open().frames(signal, 1)[Symbol.asyncIterator]();
      const error = await firstFailure(run);
      expect(error).toBeInstanceOf(FramehubError);
      if (!(error instanceof FramehubError)) return;
      expect(error.code).toBe(failing.code);
      expect(error.message.length, error.message).toBeGreaterThan(10);
      expect(error.help).not.toBe('');
      for (const secret of subject.secrets ?? []) {
        expect(`${error.message} ${error.help}`).not.toContain(secret);
      }
      expect(await run.next()).toEqual({ done: true, value: undefined });
      await expectNothingLeft(subject, before, signal);
      if (failing.attempts !== undefined) expect(failing.attempts()).toBe(1);
    });
  });
}

/** The first `count` pictures of a run that is then aborted. */
export async function take(
  source: Source,
  count: number,
  each: (picture: SourceFrame) => void = () => {},
  firstSeq = 1,
): Promise<SourceFrame[]> {
  const abort = new AbortController();
  const pictures: SourceFrame[] = [];
  for await (const picture of source.frames(abort.signal, firstSeq)) {
    if (pictures.length === count) continue;
    pictures.push(picture);
    each(picture);
    if (pictures.length === count) abort.abort();
  }
  return pictures;
}

/** When the loop was left. */
async function leaveAfterFirst(source: Source, signal: AbortSignal): Promise<number> {
  let left = 0;
  for await (const _ of source.frames(signal, 1)) {
    left = performance.now();
    break;
  }
  expect(left, 'a picture came').toBeGreaterThan(0);
  return left;
}

async function firstFailure(run: AsyncIterator<SourceFrame>): Promise<unknown> {
  try {
    while (!(await run.next()).done);
  } catch (error) {
    return error;
  }
  return new Error('expected a failure, but the run returned');
}

function expectNothingLeft(
  subject: ContractSubject,
  before: Resources,
  signal: AbortSignal,
): Promise<void> {
  return expectReturnTo(before, PROMPT, async () => [
    ...getEventListeners(signal, 'abort').map(() => 'a listener on the signal'),
    ...((await subject.leftovers?.()) ?? []),
  ]);
}
