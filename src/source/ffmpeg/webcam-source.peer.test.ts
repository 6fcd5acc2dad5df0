import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { groupMembers, ownChildren } from '../../../test/support/processes.ts';
import {
  testPictures,
  type VirtualCamera,
  type VirtualCameraOptions,
  virtualCamera,
} from '../../../test/support/virtual-camera.ts';
import { sourceContract, take } from '../../source.contract.ts';
import type { Source } from '../../source.ts';
import { listDevices } from './devices.ts';
import { webcamSource } from './webcam-source.ts';

const cameras: VirtualCamera[] = [];
afterEach(async () => {
  await Promise.all(cameras.splice(0).map((camera) => camera.close()));
});

async function camera(options?: VirtualCameraOptions): Promise<VirtualCamera> {
  const made = await virtualCamera(options);
  cameras.push(made);
  return made;
}

function open(of: VirtualCamera, text = 'webcam:0'): Source {
  return webcamSource.open(text, { camera: 'a', ffmpeg: of.ffmpeg, maxPictureBytes: 4_000_000 });
}

/** Runs it until it fails; `each` is told how many pictures came. */
async function failureOf(
  source: Source,
  each: (count: number) => unknown = () => {},
): Promise<unknown> {
  let count = 0;
  try {
    for await (const _ of source.frames(new AbortController().signal, 1)) {
      count += 1;
      await each(count);
    }
  } catch (error) {
    return error;
  }
  return undefined;
}

sourceContract('webcam:', async () => {
  // Enough not to come round while the order is looked at.
  const present = await virtualCamera({ pictures: await testPictures(90, 320, 240) });
  return {
    open: () => open(present),
    placeOf: ({ data }) => present.pictures.findIndex((picture) => picture.equals(data)),
    failing: { open: () => open(present, 'webcam:7'), code: 'DEVICE_NOT_FOUND' },
    leftovers: async () => (await ownChildren()).map(({ command }) => command),
    close: () => present.close(),
  };
});

describe('pictures', () => {
  it("are the camera's own JPEG, byte for byte, one after the other", async () => {
    const present = await camera({ fps: 15 });
    const got = await take(open(present), 20);
    const places = got.map(({ data }) => present.pictures.findIndex((each) => each.equals(data)));
    expect(places).not.toContain(-1);
    const [first = 0] = places;
    expect(places).toEqual(places.map((_, index) => (first + index) % 10));
  });

  it('are encoded, in full range, from a camera that has no JPEG', async () => {
    const present = await camera({ pictures: [], width: 320, height: 240 });
    for (const { data } of await take(open(present), 5)) {
      const { data: pixels, info } = await sharp(data).greyscale().raw().toBuffer({
        resolveWithObject: true,
      });
      expect(info).toMatchObject({ width: 320, height: 240 });
      // The bar is the camera's white (235 of 16 to 235), the left edge nearly its black.
      expect(Math.max(...pixels)).toBeGreaterThan(247);
      expect(Math.min(...pixels)).toBeLessThan(8);
    }
  });

  it('are encoded when asked to, though the camera has JPEG', async () => {
    const present = await camera();
    const got = await take(open(present, 'webcam:/dev/video0?format=yuyv&size=320x240'), 3);
    for (const { data } of got) {
      expect(present.pictures.some((each) => each.equals(data))).toBe(false);
      expect(await sharp(data).metadata()).toMatchObject({ width: 320, height: 240 });
    }
  });

  it('come at the rate that was asked for', async () => {
    const present = await camera({ fps: 30 });
    const began = performance.now();
    const got = await take(open(present, '/dev/video0?fps=5'), 6);
    expect(got).toHaveLength(6);
    // Five intervals of 200 ms, whatever the start took.
    expect(performance.now() - began).toBeGreaterThan(950);
  });

  it('come from a camera found by its name', async () => {
    const present = await camera();
    expect(await take(open(present, 'webcam:virtual camera'), 1)).toHaveLength(1);
  });
});

describe('says why there are no pictures:', () => {
  it('another program uses the camera', async () => {
    const present = await camera();
    await present.setBusy(true);
    expect(await failureOf(open(present))).toMatchObject({
      code: 'DEVICE_BUSY',
      message: expect.stringContaining('webcam:0'),
    });
    await present.setBusy(false);
    expect(await take(open(present), 1)).toHaveLength(1);
  });

  it('this user may not use it', async () => {
    const present = await camera();
    await present.setDenied(true);
    expect(await failureOf(open(present))).toMatchObject({ code: 'DEVICE_DENIED' });
  });

  it('it was unplugged; plugged in again it works when opened again', async () => {
    const present = await camera();
    const source = open(present);
    const error = await failureOf(source, (count) => count === 3 && present.unplug());
    expect(error).toMatchObject({
      code: 'DEVICE_NOT_FOUND',
      message: expect.stringContaining('unplugged'),
    });
    expect(await failureOf(source)).toMatchObject({
      code: 'DEVICE_NOT_FOUND',
      message: expect.stringContaining('no camera is there'),
    });
    await present.plugIn();
    expect(await take(source, 3)).toHaveLength(3);
  });

  it('no camera has that name', async () => {
    const present = await camera();
    expect(await failureOf(open(present, 'webcam:Front Door'))).toMatchObject({
      code: 'DEVICE_NOT_FOUND',
      message: expect.stringContaining('"Virtual Camera"'),
    });
  });

  it('it offers no JPEG, though it was asked for', async () => {
    const present = await camera({ pictures: [] });
    expect(await failureOf(open(present, 'webcam:0?format=mjpeg'))).toMatchObject({
      code: 'SOURCE_INVALID',
      message: expect.stringContaining('yuyv422'),
    });
  });

  it('FFmpeg is not installed', async () => {
    const context = { camera: 'a', ffmpeg: '/nonexistent/ffmpeg', maxPictureBytes: 1_000_000 };
    expect(await failureOf(webcamSource.open('webcam:0', context))).toMatchObject({
      code: 'FFMPEG_MISSING',
      message: expect.stringContaining('/nonexistent/ffmpeg'),
      help: expect.stringContaining('apt-get install ffmpeg'),
    });
  });

  it('FFmpeg was killed', async () => {
    const present = await camera();
    const error = await failureOf(open(present), async (count) => {
      if (count !== 2) return;
      for (const { pid } of await ownChildren()) process.kill(pid, 'SIGKILL');
    });
    expect(error).toMatchObject({
      code: 'FFMPEG_FAILED',
      message: expect.stringContaining('SIGKILL'),
    });
  });
});

it('a capture that is stopped ends within 1.5 s of the abort, and its process group is gone', async () => {
  const present = await camera();
  const abort = new AbortController();
  let group = 0;
  let aborted = 0;
  for await (const _ of open(present).frames(abort.signal, 1)) {
    if (abort.signal.aborted) continue;
    const [capture] = await ownChildren();
    group = capture?.group ?? 0;
    expect(group).toBe(capture?.pid);
    process.kill(group, 'SIGSTOP');
    await sleep(100);
    aborted = performance.now();
    abort.abort();
  }
  expect(performance.now() - aborted).toBeLessThan(1_500);
  expect(group).toBeGreaterThan(0);
  expect(await groupMembers(group)).toEqual([]);
});

describe('the list of cameras', () => {
  const { signal } = new AbortController();

  it('tells how to write each as a source, and its formats', async () => {
    const present = await camera({ width: 640, height: 480 });
    expect(await listDevices(present.ffmpeg, signal)).toEqual([
      {
        name: 'Virtual Camera',
        source: 'webcam:0',
        formats: [
          { format: 'mjpeg', sizes: [{ size: '640x480' }] },
          { format: 'yuyv422', sizes: [{ size: '640x480' }] },
        ],
      },
    ]);
  });

  it('is empty when there is none', async () => {
    const present = await camera();
    await present.unplug();
    expect(await listDevices(present.ffmpeg, signal)).toEqual([]);
  });

  it('says that FFmpeg is missing', async () => {
    await expect(listDevices('/nonexistent/ffmpeg', signal)).rejects.toMatchObject({
      code: 'FFMPEG_MISSING',
    });
  });
});
