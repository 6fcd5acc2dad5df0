import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../test/support/until.ts';
import type { CameraStatus } from '../api/camera-status.ts';
import { FramehubError } from '../errors.ts';
import type { Frame } from '../frame.ts';
import { Hub } from '../hub/hub.ts';
import { defaultSettings } from '../settings.ts';
import { generatorSource } from '../source/generator/generator-source.ts';
import { PushSource } from '../source/push/push-source.ts';
import { testSource } from '../source/test/test-source.ts';
import type { Source, SourceFrame } from '../source.ts';
import { Camera, type CameraOptions } from './camera.ts';

const log = pino({ level: 'silent' });
const open: Camera[] = [];
const removed = new FramehubError('CAMERA_NOT_FOUND', 'removed');

afterEach(async () => {
  await Promise.all(open.splice(0).map((camera) => camera.close(removed)));
});

function openTest(query: string): Source {
  const context = { camera: 'front', ffmpeg: 'ffmpeg', maxPictureBytes: 1e7 };
  return testSource.open(`test:?${query}`, context);
}

function testCamera(query: string): Source {
  return openTest(`size=160x120&fps=50&clock=off${query}`);
}

function setup(source: Source, options: Partial<CameraOptions> = {}) {
  const camera = new Camera(new Hub(), {
    id: 'front',
    name: 'Front',
    source,
    log,
    idleTimeout: 100,
    stallTimeout: defaultSettings.stallTimeout,
    startTimeout: defaultSettings.startTimeout,
    ...options,
  });
  open.push(camera);
  const read = () => {
    const frames: Frame[] = [];
    const statuses: CameraStatus[] = [];
    const reader = camera.channel.read(
      { kind: 'test', address: 'here' },
      {
        deliver: (frame) => {
          frames.push(frame);
          queueMicrotask(() => reader.pull());
        },
        statusChanged: (status) => statuses.push(status),
        ended: () => {},
      },
    );
    reader.pull();
    return { reader, frames, statuses, states: () => statuses.map(({ state }) => state) };
  };
  return { camera, read };
}

describe('a camera', () => {
  it('does not run before somebody reads', async () => {
    const { camera } = setup(testCamera(''));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(camera.starts).toBe(0);
    expect(camera.status).toMatchObject({ state: 'off', stopped: false });
  });

  it('starts once for many readers and stops once the last has been gone for the idle time', async () => {
    const { camera, read } = setup(testCamera(''));
    const readers = Array.from({ length: 20 }, read);
    await until('live', () => camera.status.state === 'live');
    for (const { reader } of readers) reader.close();
    const leftAt = performance.now();
    expect(camera.status.state).toBe('live');
    await until('off', () => camera.status.state === 'off');
    expect(performance.now() - leftAt).toBeGreaterThan(80);
    expect(camera.starts).toBe(1);
  });

  it('goes on for a reader that comes back within the idle time', async () => {
    const { camera, read } = setup(testCamera(''), { idleTimeout: 300 });
    const first = read();
    await until('live', () => camera.status.state === 'live');
    first.reader.close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const second = read();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(camera.starts).toBe(1);
    expect(second.frames.length).toBeGreaterThan(10);
  });

  it('stops at once with an idle time of 0, and never with false', async () => {
    const hasty = setup(testCamera(''), { idleTimeout: 0 });
    const reader = hasty.read();
    await until('live', () => hasty.camera.status.state === 'live');
    reader.reader.close();
    expect(hasty.camera.status.state).toBe('off');

    const patient = setup(testCamera(''), { idleTimeout: false });
    const other = patient.read();
    await until('live', () => patient.camera.status.state === 'live');
    other.reader.close();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(patient.camera.status.state).toBe('live');
  });

  it('starts anew for a reader that comes while the source is still ending', async () => {
    let running = 0;
    let overlapped = false;
    const source = generatorSource(async function* (signal) {
      running += 1;
      overlapped ||= running > 1;
      yield* picturesOf(testCamera(''), signal);
      await new Promise((resolve) => setTimeout(resolve, 100));
      running -= 1;
    });
    const { camera, read } = setup(source, { idleTimeout: 0 });
    const first = read();
    await until('live', () => camera.status.state === 'live');
    first.reader.close();
    const second = read();
    await until('a picture for the second', () => second.frames.length > 0);
    expect(camera.starts).toBe(2);
    expect(overlapped).toBe(false);
  });

  it('asks a failed source again, keeps its readers and goes on counting', async () => {
    const { camera, read } = setup(testCamera('&fail=5'));
    const { frames, statuses, states } = read();
    await until('live again', () => frames.length >= 10);
    expect(states().slice(0, 5)).toEqual(['starting', 'live', 'retrying', 'starting', 'live']);
    expect(statuses[2]).toMatchObject({ code: 'SOURCE_FAILED', attempt: 1 });
    const retrying = statuses[2];
    if (retrying?.state !== 'retrying') throw new Error('unreachable');
    expect(retrying.nextAttemptAt - retrying.since).toBeGreaterThanOrEqual(375);
    expect(frames.map(({ seq }) => seq).slice(0, 10)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(camera.starts).toBe(2);
  });

  it('ends a source that falls silent, says so, and starts it again', async () => {
    const { read } = setup(testCamera('&stall=5'), { stallTimeout: 300 });
    const { frames, states, statuses } = read();
    await until('live again', () => frames.length >= 10);
    expect(states()).toEqual(['starting', 'live', 'stalled', 'retrying', 'starting', 'live']);
    expect(statuses[2]).toMatchObject({ code: 'CAMERA_STALLED', reason: 'No picture for 0.3 s.' });
  });

  it('gives up a source that shows nothing within the start time', async () => {
    const { camera, read } = setup(testCamera('&start=60000'), {
      startTimeout: 200,
      stallTimeout: 200,
    });
    read();
    await until('retrying', () => camera.status.state === 'retrying');
    expect(camera.status).toMatchObject({ code: 'SOURCE_TIMEOUT' });
  });

  it('waits longer for a source that says it is slow', async () => {
    const slow = openTest('size=160x120&fps=2');
    expect(slow.interval).toBe(500);
    const { read } = setup(slow, { stallTimeout: 100 });
    const { frames, states } = read();
    await until('three pictures', () => frames.length >= 3);
    expect(states()).toEqual(['starting', 'live']);
  });

  it('leaves out a broken picture and gives up a source that sends only such', async () => {
    const good = await onePicture();
    const source = generatorSource(async function* () {
      yield good;
      yield Buffer.from('not a picture');
      yield good;
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        yield good.subarray(0, good.length / 2);
      }
    });
    const { camera, read } = setup(source);
    const { statuses, frames } = read();
    await until('retrying', () => statuses.some(({ state }) => state === 'retrying'));
    expect(frames.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(camera.rejected).toBe(6);
    expect(statuses.find(({ state }) => state === 'retrying')).toMatchObject({
      code: 'PICTURE_TRUNCATED',
    });
  });

  it('does not wait for a source that ignores the abort', async () => {
    const good = await onePicture();
    const source: Source = {
      kind: 'deaf',
      label: 'deaf',
      async *frames(): AsyncIterable<SourceFrame> {
        yield { data: good };
        await new Promise(() => {});
      },
    };
    const { camera, read } = setup(source, { stallTimeout: 100 });
    const { states } = read();
    await until('retrying', () => states().includes('retrying'));
    expect(camera.status).toMatchObject({ code: 'CAMERA_STALLED' });
  });

  it('stays off when stopped, whoever reads, and runs again when started', async () => {
    const { camera, read } = setup(testCamera(''));
    const { frames } = read();
    await until('live', () => camera.status.state === 'live');
    await camera.stop();
    expect(camera.status).toMatchObject({ state: 'off', stopped: true, reason: 'it was stopped' });
    const before = frames.length;
    read();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(frames.length).toBe(before);
    camera.start();
    await until('a picture', () => frames.length > before);
    expect(camera.starts).toBe(2);
  });

  it('changes its source under its readers, and goes on counting', async () => {
    const { camera, read } = setup(testCamera(''));
    const { frames } = read();
    await until('a picture', () => frames.length > 0);
    await camera.setSource(openTest('size=320x240&fps=50'));
    await until('the larger picture', () => frames.at(-1)?.width === 320);
    const seqs = frames.map(({ seq }) => seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    expect(new Set(seqs).size).toBe(seqs.length);
  });

  it('shows the silence of a pushed camera without ending it', async () => {
    const good = await onePicture();
    const source = new PushSource();
    const { camera, read } = setup(source, { startTimeout: 100, stallTimeout: 100 });
    read();
    await until('stalled', () => camera.status.state === 'stalled');
    source.push({ data: good });
    await until('live', () => camera.status.state === 'live');
    await until('stalled again', () => camera.status.state === 'stalled');
    expect(camera.starts).toBe(1);
  });

  it('ends its readers with the reason when it is removed', async () => {
    const { camera } = setup(testCamera(''));
    let ended: FramehubError | undefined;
    camera.channel.read(
      { kind: 'test', address: 'here' },
      {
        deliver: () => {},
        statusChanged: () => {},
        ended: (reason) => {
          ended = reason;
        },
      },
    );
    await camera.close(removed);
    expect(ended).toBe(removed);
  });
});

async function* picturesOf(source: Source, signal: AbortSignal): AsyncGenerator<Buffer> {
  for await (const { data } of source.frames(signal, 1)) yield data;
}

async function onePicture(): Promise<Buffer> {
  for await (const { data } of testCamera('').frames(new AbortController().signal, 1)) return data;
  throw new Error('no picture');
}
