import { getEventListeners } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectReturnTo, type Resources, restingResources } from '../test/support/resources.ts';
import type { Detector, FoundObject } from './detector.ts';
import { type ErrorCode, FramehubError } from './errors.ts';
import type { Frame } from './frame.ts';

/** What the suite needs to know of one detector. Every `open` is a new one, and starts nothing. */
export interface DetectorSubject {
  open(): Detector;
  /** Frames in order; something is found in the last one, by what the ones before taught it. */
  readonly frames: readonly Frame[];
  /** What is found in the last one, among other things. */
  readonly label: string;
  /** Frames in order, in the last of which there is nothing. Required unless `findsAnywhere` is given. */
  readonly empty?: readonly Frame[];
  /** A frame on which it fails, though it works on others. Required unless `neverFails` is given. */
  readonly failing?: {
    readonly frame: Frame;
    readonly code: ErrorCode;
  };
  /** What it has left behind, in words; asked until empty. For what Node.js can't see itself. */
  leftovers?(): readonly string[] | Promise<readonly string[]>;
  /** Ends what `setup` started. */
  close?(): void | Promise<void>;
}

export interface DetectorContractOptions {
  /** Why there is no empty picture for it. */
  readonly findsAnywhere?: string;
  /** Why it has no way to fail on one picture; leaves out the behaviours of failure. */
  readonly neverFails?: string;
}

/** How long ending may take, ms: a program that does not listen is killed after a second. */
const PROMPT = 2_000;

/** The suite every detector passes. `setup` runs once for all of it. */
export function detectorContract(
  name: string,
  setup: () => Promise<DetectorSubject> | DetectorSubject,
  options: DetectorContractOptions = {},
): void {
  describe(`${name} keeps the contract of a detector`, () => {
    let subject: DetectorSubject;
    let before: Resources;
    const opened: Detector[] = [];
    const open = () => {
      const detector = subject.open();
      opened.push(detector);
      return detector;
    };
    beforeAll(async () => {
      subject = await setup();
      before = await restingResources();
    });
    afterEach(async () => {
      for (const detector of opened.splice(0)) await detector.close();
    });
    afterAll(async () => {
      await subject?.close?.();
    });
    const nothingLeft = () =>
      expectReturnTo(before, PROMPT, async () => (await subject.leftovers?.()) ?? []);

    it('opening starts nothing, and closing it unused is fine', async () => {
      const detector = open();
      await nothingLeft();
      expect(detector.name).toMatch(/^\S.{0,63}$/);
      await detector.close();
      await nothingLeft();
    });

    it('finds what is there, with boxes in the picture', async () => {
      const found = await lookAt(open(), subject.frames);
      expect(found.map(({ label }) => label)).toContain(subject.label);
      for (const { label, score, box } of found) {
        expect(label).not.toBe('');
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
        expect(Math.min(box.x, box.y)).toBeGreaterThanOrEqual(0);
        expect(Math.min(box.width, box.height)).toBeGreaterThan(0);
        expect(box.x + box.width).toBeLessThanOrEqual(1.000_001);
        expect(box.y + box.height).toBeLessThanOrEqual(1.000_001);
      }
    });

    if (options.findsAnywhere === undefined) {
      it('finds nothing where nothing is', async () => {
        if (subject.empty === undefined) throw new Error(`${name}: give frames without anything`);
        expect(await lookAt(open(), subject.empty)).toEqual([]);
      });
    }

    it('does not touch the frame', async () => {
      const copies = subject.frames.map(({ data }) => Buffer.from(data));
      await lookAt(open(), subject.frames);
      const same = subject.frames.map(({ data }, index) => copies[index]?.equals(data));
      expect(same).toEqual(subject.frames.map(() => true));
    });

    it('an abort ends the wait at once with its reason, and leaves nothing behind but a detector that works', async () => {
      const detector = open();
      const abort = new AbortController();
      const pending = detector.detect(first(subject.frames), abort.signal);
      const reason = new FramehubError('DETECTOR_FAILED', 'Nobody waits any more.');
      const aborted = performance.now();
      abort.abort(reason);
      await expect(pending).rejects.toBe(reason);
      expect(performance.now() - aborted).toBeLessThan(PROMPT);
      expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
      const found = await lookAt(detector, subject.frames);
      expect(found.map(({ label }) => label)).toContain(subject.label);
    });

    it('does nothing when already aborted', async () => {
      const signal = AbortSignal.abort(new FramehubError('DETECTOR_FAILED', 'Too late.'));
      const pending = open().detect(first(subject.frames), signal);
      await expect(pending).rejects.toThrow('Too late.');
      await nothingLeft();
    });

    it('closing leaves nothing behind, and may come twice', async () => {
      const detector = open();
      const { signal } = new AbortController();
      await lookAt(detector, subject.frames, signal);
      const closedAt = performance.now();
      await detector.close();
      await detector.close();
      expect(performance.now() - closedAt).toBeLessThan(PROMPT);
      expect(getEventListeners(signal, 'abort')).toEqual([]);
      await nothingLeft();
    });

    it('closing in the middle of a picture ends that too', async () => {
      const detector = open();
      const pending = detector.detect(first(subject.frames), new AbortController().signal);
      const ended = pending.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      const closedAt = performance.now();
      await detector.close();
      const thrown = await ended;
      expect(performance.now() - closedAt).toBeLessThan(PROMPT);
      if (thrown !== undefined) expect(thrown).toBeInstanceOf(FramehubError);
      await nothingLeft();
    });

    if (options.neverFails !== undefined) return;

    it('a failure has a code and a reason, and it can be asked again', async () => {
      const { failing } = subject;
      if (failing === undefined) throw new Error(`${name}: say how it fails, or why it never does`);
      const detector = open();
      await lookAt(detector, subject.frames);
      const thrown = await detector
        .detect(failing.frame, new AbortController().signal)
        .then(() => undefined)
        .catch((error: unknown) => error);
      expect(thrown).toBeInstanceOf(FramehubError);
      if (!(thrown instanceof FramehubError)) return;
      expect(thrown.code, thrown.message).toBe(failing.code);
      expect(thrown.message.length, thrown.message).toBeGreaterThan(10);
      expect(thrown.help).not.toBe('');
      const found = await lookAt(detector, subject.frames);
      expect(found.map(({ label }) => label)).toContain(subject.label);
    });
  });
}

/** Shows it all the frames; what it found in the last one. */
async function lookAt(
  detector: Detector,
  frames: readonly Frame[],
  signal: AbortSignal = new AbortController().signal,
): Promise<readonly FoundObject[]> {
  let found: readonly FoundObject[] = [];
  for (const frame of frames) found = await detector.detect(frame, signal);
  return found;
}

function first(frames: readonly Frame[]): Frame {
  const [frame] = frames;
  if (frame === undefined) throw new Error('Give at least one frame');
  return frame;
}
