import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { until } from '../../test/support/until.ts';
import type { DetectionResult } from '../api/detection.ts';
import type { Detector, FoundObject } from '../detector.ts';
import { FramehubError } from '../errors.ts';
import type { Frame } from '../frame.ts';
import { Hub } from '../hub/hub.ts';
import { Detections } from './detections.ts';
import type { DetectDefinition } from './open-detector.ts';
import { readResults } from './read-results.ts';

const start = 1_700_000_000_000;
const cat: FoundObject = {
  label: 'cat',
  score: 0.9,
  box: { x: 0.1, y: 0.2, width: 0.3, height: 0.4 },
};
const closing: (() => unknown)[] = [];

afterEach(async () => {
  vi.useRealTimers();
  for (const close of closing.splice(0).reverse()) await close();
});

/** A detector of an application, which answers when the test lets it. */
class HandDetector implements Detector {
  readonly name = 'hand';
  readonly asked: number[] = [];
  closed = 0;
  answer: ((found: readonly FoundObject[]) => void) | undefined;
  fail: ((reason: Error) => void) | undefined;
  aborted = 0;

  detect(frame: Frame, signal: AbortSignal): Promise<readonly FoundObject[]> {
    this.asked.push(frame.seq);
    return new Promise((resolve, reject) => {
      this.answer = resolve;
      this.fail = reject;
      signal.addEventListener('abort', () => {
        this.aborted += 1;
        reject(signal.reason);
      });
    });
  }

  async close(): Promise<void> {
    this.closed += 1;
  }
}

function setup(
  definition?: Omit<DetectDefinition, 'detector'> & { detector?: DetectDefinition['detector'] },
) {
  const hub = new Hub();
  const demand: number[] = [];
  const channel = hub.open('front', 'Front', (readers) => demand.push(readers));
  channel.setStatus({ state: 'live', since: Date.now(), reason: 'pictures are coming' });
  const detections = new Detections(hub, pino({ level: 'silent' }));
  const detector = new HandDetector();
  if (definition !== undefined) {
    detections.add(channel, detections.open({ detector, fps: 60, ...definition }));
  }
  closing.push(() => detections.close());
  let seq = 0;
  const publish = (count = 1, interval = 33) => {
    for (let index = 0; index < count; index += 1) {
      seq += 1;
      const size = { width: 640, height: 360 };
      const data = Buffer.from([seq]);
      const identity = { camera: 'front', seq, capturedAt: start + seq * interval };
      channel.publish({ ...identity, ...size, data, codec: 'jpeg', keyframe: true });
    }
    return seq;
  };
  const results: DetectionResult[] = [];
  const want = () => detections.results('front').subscribe((result) => results.push(result));
  const status = () => detections.report('front')?.status;
  return { hub, channel, demand, detections, detector, publish, results, want, status };
}

describe('a detector', () => {
  it('runs only while somebody wants results', async () => {
    const { detector, publish, want, demand, status, channel } = setup({});
    publish(3);
    expect(demand).toEqual([]);
    expect(status()).toMatchObject({ state: 'off', reason: 'nobody wants results' });

    const [first, second] = [want(), want()];
    expect(status()).toMatchObject({ state: 'starting' });
    expect([...channel.readers].map(({ identity }) => identity)).toEqual([
      { kind: 'detector', address: 'hand' },
    ]);
    await until('a question', () => detector.asked.length === 1);
    detector.answer?.([]);
    await until('a result', () => status()?.state === 'running');
    first();
    expect(demand).toEqual([1]);
    second();
    second();
    expect(demand).toEqual([1, 0]);
    expect(status()).toMatchObject({ state: 'off' });
    publish(3);
    expect(detector.asked).toHaveLength(1);
  });

  it('gets the newest frame when it is free, one at a time, and what passed is counted', async () => {
    const { detector, publish, want, detections } = setup({});
    want();
    publish();
    await until('the first', () => detector.asked.length === 1);
    publish(9);
    expect(detector.asked).toEqual([1]);
    detector.answer?.([]);
    await until('the newest', () => detector.asked.length === 2);
    expect(detector.asked).toEqual([1, 10]);
    expect(detections.report('front')).toMatchObject({ detector: 'hand', results: 1, skipped: 8 });
  });

  it('is asked no more often than it should be', async () => {
    const { detector, publish, want } = setup({ fps: 5 });
    want();
    for (let frame = 0; frame < 90; frame += 1) {
      publish();
      await Promise.resolve();
      detector.answer?.([]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    // Three seconds of pictures.
    expect(detector.asked.length).toBeGreaterThanOrEqual(14);
    expect(detector.asked.length).toBeLessThanOrEqual(16);
  });

  it('says of which frame its result is, also when there is nothing in it', async () => {
    const { detector, publish, want, results } = setup({});
    want();
    publish();
    await until('a question', () => detector.asked.length === 1);
    publish(4);
    detector.answer?.([]);
    await until('a result', () => results.length === 1);
    expect(results[0]).toEqual({
      camera: 'front',
      seq: 1,
      capturedAt: start + 33,
      width: 640,
      height: 360,
      detector: 'hand',
      inferenceMs: expect.any(Number),
      detections: [],
    });
  });

  it('numbers what it sees again', async () => {
    const { detector, publish, want, results } = setup({});
    want();
    for (let frame = 1; frame <= 3; frame += 1) {
      publish(1, 200);
      await until('a question', () => detector.asked.length === frame);
      detector.answer?.([cat]);
      await until('a result', () => results.length === frame);
    }
    expect(results.map(({ detections }) => detections[0]?.trackId)).toEqual([undefined, 1, 1]);
  });

  it('that fails is asked again after a while, and says why meanwhile', async () => {
    const { detector, publish, want, status, demand } = setup({});
    want();
    publish();
    await until('a question', () => detector.asked.length === 1);
    detector.fail?.(new FramehubError('DETECTOR_FAILED', 'It lost its mind.'));
    await until('the failure', () => status()?.state === 'retrying');
    expect(status()).toMatchObject({
      state: 'retrying',
      reason: 'It lost its mind.',
      code: 'DETECTOR_FAILED',
      help: expect.any(String),
      attempt: 1,
    });
    const failedAt = performance.now();
    publish(5);
    await until('another try', () => detector.asked.length === 2);
    expect(performance.now() - failedAt).toBeGreaterThan(300);
    expect(detector.asked[1]).toBe(6);
    detector.answer?.([]);
    await until('recovery', () => status()?.state === 'running');
    expect(demand).toEqual([1]);
  });

  it('that answers nonsense is told so', async () => {
    const { detector, publish, want, status, results } = setup({});
    want();
    publish();
    await until('a question', () => detector.asked.length === 1);
    detector.answer?.([{ ...cat, box: { x: 320, y: 0, width: 40, height: 40 } }]);
    await until('the failure', () => status()?.state === 'retrying');
    expect(status()).toMatchObject({ code: 'DETECTOR_INVALID' });
    expect(results).toEqual([]);
  });

  it('of an application that does not answer is given up in time', async () => {
    const { detector, publish, want, status } = setup({ timeout: 100 });
    want();
    publish();
    await until('the failure', () => status()?.state === 'retrying');
    expect(status()).toMatchObject({
      code: 'DETECTOR_TIMEOUT',
      reason: 'The detector "hand" gave no answer within 0.1 s.',
    });
    expect(detector.aborted).toBe(1);
    publish();
    await until('another try', () => detector.asked.length === 2);
  });

  it('never holds up the camera, whatever it does before its first await', async () => {
    const busy: Detector = {
      name: 'busy',
      detect: async () => {
        const end = performance.now() + 200;
        while (performance.now() < end);
        return [];
      },
      close: async () => {},
    };
    const { publish, want, results } = setup({ detector: busy });
    want();
    const before = performance.now();
    publish();
    expect(performance.now() - before).toBeLessThan(100);
    await until('a result', () => results.length === 1);
  });

  it('is not waited for by one who has left', async () => {
    const { detector, publish, want, results } = setup({});
    const leave = want();
    publish();
    await until('a question', () => detector.asked.length === 1);
    leave();
    expect(detector.aborted).toBe(1);
    const back = want();
    publish();
    await until('the next question', () => detector.asked.length === 2);
    detector.answer?.([]);
    await until('a result', () => results.length === 1);
    expect(results[0]?.seq).toBe(2);
    back();
  });

  it('counts on from its earlier runs', async () => {
    const { detector, publish, want, detections } = setup({});
    for (const run of [1, 2]) {
      const before = detector.asked.length;
      const leave = want();
      publish(3);
      await until('a question', () => detector.asked.length > before);
      publish(3);
      detector.answer?.([]);
      await until('a result', () => detections.report('front')?.results === run);
      leave();
    }
    expect(detections.report('front')?.skipped).toBeGreaterThan(2);
  });

  it('ends with its camera, and the application’s own one with framehub', async () => {
    const { detector, publish, want, hub, detections } = setup({});
    want();
    publish();
    await until('a question', () => detector.asked.length === 1);
    hub.close('front', new FramehubError('CAMERA_NOT_FOUND', 'It was removed.'));
    expect(detector.aborted).toBe(1);
    expect(() => detections.results('front')).toThrow(
      expect.objectContaining({ code: 'CAMERA_NOT_FOUND' }),
    );
    expect(detector.closed).toBe(0);
    await detections.close();
    expect(detector.closed).toBe(1);
  });

  it('keeps to labels, scores and zones', async () => {
    const { detector, publish, want, results } = setup({
      labels: ['cat'],
      minScore: 0.5,
      zones: {
        left: [
          [0, 0],
          [0.5, 0],
          [0.5, 1],
          [0, 1],
        ],
      },
    });
    want();
    publish();
    await until('a question', () => detector.asked.length === 1);
    const right = { ...cat, box: { ...cat.box, x: 0.6 } };
    detector.answer?.([cat, { ...cat, label: 'dog' }, { ...cat, score: 0.4 }, right]);
    await until('a result', () => results.length === 1);
    expect(results[0]?.detections).toEqual([{ ...cat, zones: ['left'] }]);
  });

  it.each([
    [{ fps: 0 }, '"fps"'],
    [{ minScore: 50 }, '"minScore"'],
    [{ sensitivity: Number.NaN }, '"sensitivity"'],
    [{ timeout: 1 }, '"timeout"'],
    [
      {
        zones: {
          door: [
            [0, 0],
            [1, 1],
          ] as const,
        },
      },
      'the zone "door"',
    ],
    [
      {
        mask: [
          [
            [0, 0],
            [1, 1],
            [0, 5],
          ] as const,
        ],
      },
      '"mask"',
    ],
    [{ detector: 'cats' }, 'Expected a detector: motion, objects'],
    [{ detector: 'exec:' }, 'Expected a detector'],
  ])('%j is refused before anything runs', (definition, words) => {
    const { detections } = setup();
    const open = () => detections.open({ detector: 'motion', ...definition });
    expect(open).toThrow(expect.objectContaining({ code: 'DETECT_INVALID' }));
    expect(open).toThrow(words);
  });
});

describe('results found elsewhere', () => {
  it('are of a frame there was, and numbered like any others', () => {
    const { detections, publish, want, results } = setup();
    want();
    publish(3, 200);
    const given = { detector: 'mine', inferenceMs: 12.34, detections: [cat] };
    detections.publishForeign('front', { ...given, seq: 2 });
    const answer = detections.publishForeign('front', { ...given, capturedAt: start + 600 });
    expect(results).toHaveLength(2);
    expect(results[1]).toBe(answer);
    expect(answer).toEqual({
      camera: 'front',
      seq: 3,
      capturedAt: start + 600,
      width: 640,
      height: 360,
      detector: 'mine',
      inferenceMs: 12.3,
      detections: [{ ...cat, trackId: 1 }],
    });
  });

  it.each([
    [{ seq: 9 }, 'RESULT_UNKNOWN_FRAME', 'no frame with "seq" 9 lately; its newest is 3'],
    [{ capturedAt: 5 }, 'RESULT_UNKNOWN_FRAME', '"capturedAt" 5'],
    [{ seq: 2, capturedAt: start + 33 }, 'RESULT_UNKNOWN_FRAME', '"seq" 2 and "capturedAt"'],
    [{}, 'RESULT_UNKNOWN_FRAME', 'got neither'],
    [{ seq: 2, detections: 'cat' }, 'DETECTOR_INVALID', 'a list of detections'],
    [{ seq: 2, detector: '' }, 'DETECTOR_INVALID', '"detector"'],
    [{ seq: 2, inferenceMs: -1 }, 'DETECTOR_INVALID', '"inferenceMs"'],
  ])('%j is refused', (result, code, words) => {
    const { detections, publish, want, results } = setup();
    want();
    publish(3);
    const bring = () => detections.publishForeign('front', { detections: [], ...result });
    expect(bring).toThrow(expect.objectContaining({ code }));
    expect(bring).toThrow(words);
    expect(results).toEqual([]);
  });

  it('come from a few detectors only', () => {
    const { detections, publish } = setup();
    publish();
    const bring = (detector: string) =>
      detections.publishForeign('front', { seq: 1, detector, detections: [] });
    for (let number = 1; number <= 8; number += 1) bring(`detector ${number}`);
    expect(() => bring('one more')).toThrow(expect.objectContaining({ code: 'TOO_MANY' }));
    expect(bring('detector 3').detector).toBe('detector 3');
  });

  it('need a camera', () => {
    const { detections } = setup();
    expect(() => detections.publishForeign('back', { seq: 1, detections: [] })).toThrow(
      expect.objectContaining({ code: 'CAMERA_NOT_FOUND' }),
    );
    expect(detections.report('front')).toBeUndefined();
  });
});

describe('reading results in a loop', () => {
  it('gives each in order, and lets the detector go when it is left', async () => {
    const { detections, channel, publish, detector, demand } = setup({});
    const seen: number[] = [];
    const feed = async () => {
      for (let frame = 1; frame <= 3; frame += 1) {
        publish();
        await until('a question', () => detector.asked.length === frame);
        detector.answer?.([]);
      }
    };
    const fed = feed();
    for await (const { seq } of readResults(detections.results('front'), channel)) {
      seen.push(seq);
      if (seen.length === 3) break;
    }
    await fed;
    expect(seen).toEqual([1, 2, 3]);
    expect(demand).toEqual([1, 0]);
  });

  it('ends when its signal aborts, and throws the reason when the camera is removed', async () => {
    const { detections, channel, hub } = setup({});
    const abort = new AbortController();
    const results = detections.results('front');
    const aborted = readResults(results, channel, abort.signal).next();
    const removed = readResults(results, channel).next();
    abort.abort();
    expect(await aborted).toEqual({ done: true, value: undefined });
    hub.close('front', new FramehubError('CAMERA_NOT_FOUND', 'It was removed.'));
    await expect(removed).rejects.toThrow('It was removed.');
    expect(results.demand).toBe(0);
  });
});
