import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { ballAt, ballPictures, emptyPicture, frameOf } from '../../../../test/support/frames.ts';
import { demoPictures } from '../../../../test/support/jpegs.ts';
import { overlap } from '../../../detector/overlap.ts';
import { detectorContract } from '../../../detector.contract.ts';
import type { FoundObject } from '../../../detector.ts';
import type { Polygon } from '../../../settings/detect.ts';
import { MotionDetector } from './motion-detector.ts';

const options = { sensitivity: 50, mask: [] };
const { signal } = new AbortController();

/** What is found in the last of these pictures, 5 a second. */
async function lastOf(
  pictures: readonly Buffer[],
  { sensitivity = 50, mask = [] }: { sensitivity?: number; mask?: readonly Polygon[] } = {},
): Promise<readonly FoundObject[]> {
  const detector = new MotionDetector({ sensitivity, mask });
  let found: readonly FoundObject[] = [];
  for (const [index, picture] of pictures.entries()) {
    found = await detector.detect(frameOf(picture, index + 1), signal);
  }
  return found;
}

/** A grey picture with a square of this brightness in it, and noise of this strength. */
async function square(level: number, at: { x: number; y: number }, noise = 0): Promise<Buffer> {
  const [width, height, size] = [640, 360, 60];
  const create = { width, height, channels: 3, background: '#808080' } as const;
  const still = sharp({ create }).composite([
    {
      input: {
        create: {
          width: size,
          height: size,
          channels: 3,
          background: { r: level, g: level, b: level },
        },
      },
      left: Math.round(at.x * width),
      top: Math.round(at.y * height),
    },
  ]);
  const { data, info } = await still.raw().toBuffer({ resolveWithObject: true });
  if (noise > 0)
    for (let i = 0; i < data.length; i += 1)
      data[i] = clamp((data[i] ?? 0) + (Math.random() - 0.5) * 2 * noise);
  return await sharp(data, { raw: info }).jpeg({ quality: 95 }).toBuffer();
}

function clamp(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}

detectorContract('motion', async () => {
  const moving = await ballPictures([1, 2, 8, 14]);
  const broken = Buffer.from(await emptyPicture());
  broken.fill(0, 200);
  return {
    open: () => new MotionDetector(options),
    frames: moving.map((picture, index) => frameOf(picture, index + 1)),
    label: 'motion',
    empty: await Promise.all([1, 2, 3].map(async (seq) => frameOf(await emptyPicture(), seq))),
    failing: {
      frame: { ...frameOf(await emptyPicture(), 9), data: Buffer.from('no picture at all') },
      code: 'DETECTOR_FAILED',
    },
  };
});

describe('motion', () => {
  let people: Buffer[];
  beforeAll(() => {
    people = demoPictures().filter((_, index) => index % 2 === 0);
  });

  it('puts a box around a ball that moves', async () => {
    const found = await lastOf(await ballPictures([1, 13, 25, 37, 49, 61]));
    const overlaps = found.map(({ box }) => overlap(box, ballAt(61)));
    expect(Math.max(...overlaps)).toBeGreaterThan(0.8);
  });

  it('finds nothing in the first picture, nor in one after a long pause', async () => {
    const [one, other] = await ballPictures([1, 60]);
    const detector = new MotionDetector(options);
    const empty = Buffer.alloc(0);
    expect(await detector.detect(frameOf(one ?? empty, 1), signal)).toEqual([]);
    expect(await detector.detect(frameOf(other ?? empty, 1_000), signal)).toEqual([]);
  });

  it('finds the people who walk, and not the parked vans', async () => {
    const found = await lastOf(people.slice(0, 8));
    expect(found.length).toBeGreaterThanOrEqual(3);
    expect(found.length).toBeLessThanOrEqual(5);
    // The vans are in the upper right corner.
    const atVans = found.filter(({ box }) => box.x > 0.84 && box.y + box.height < 0.2);
    expect(atVans).toEqual([]);
  });

  it('does not take noise for motion, though it is far above the threshold', async () => {
    const noisy = await Promise.all(
      Array.from({ length: 30 }, () => square(200, { x: 0.4, y: 0.4 }, 60)),
    );
    expect(await lastOf(noisy)).toEqual([]);
    const moved = await square(255, { x: 0.1, y: 0.1 }, 60);
    expect(await lastOf([...noisy, moved])).not.toEqual([]);
  });

  it('takes no notice when the light is switched on, and sees what moves after that', async () => {
    const dark = await emptyPicture();
    const bright = await sharp(dark).linear(1.7, 0).jpeg().toBuffer();
    expect(await lastOf([dark, dark, bright])).toEqual([]);
    const [at1, at2] = await Promise.all([
      square(255, { x: 0.2, y: 0.4 }),
      square(255, { x: 0.4, y: 0.4 }),
    ]);
    expect(await lastOf([dark, dark, bright, at1, at1, at2])).not.toEqual([]);
  });

  it('forgets a thing that was put there, after a while', async () => {
    const [empty, there] = await Promise.all([emptyPicture(), square(200, { x: 0.4, y: 0.4 })]);
    expect(await lastOf([empty, there])).toHaveLength(1);
    expect(await lastOf([empty, ...Array.from({ length: 600 }, () => there)])).toEqual([]);
  });

  it('is as sensitive as it is told', async () => {
    const empty = await emptyPicture();
    const faint = await square(140, { x: 0.4, y: 0.4 });
    expect(await lastOf([empty, empty, faint], { sensitivity: 20 })).toEqual([]);
    expect(await lastOf([empty, empty, faint], { sensitivity: 90 })).toHaveLength(1);
  });

  it('scores a stronger change higher', async () => {
    const empty = await emptyPicture();
    const scores = [];
    for (const level of [170, 210, 250]) {
      const [found] = await lastOf([empty, await square(level, { x: 0.4, y: 0.4 })]);
      scores.push(found?.score);
    }
    expect(scores).toEqual([...scores].sort());
    expect(new Set(scores).size).toBe(3);
  });

  it('does not look at what is masked', async () => {
    const pictures = await Promise.all([0.1, 0.1, 0.15].map((x) => square(250, { x, y: 0.4 })));
    const left: Polygon = [
      [0, 0],
      [0.5, 0],
      [0.5, 1],
      [0, 1],
    ];
    const right: Polygon = [
      [0.5, 0],
      [1, 0],
      [1, 1],
      [0.5, 1],
    ];
    expect(await lastOf(pictures, { mask: [left] })).toEqual([]);
    expect(await lastOf(pictures, { mask: [right] })).not.toEqual([]);
  });

  it('begins anew when the picture has another size', async () => {
    const [small, large] = await Promise.all([emptyPicture(), emptyPicture(1280, 720)]);
    expect(await lastOf([small, small, large, large])).toEqual([]);
  });

  it('costs little: 100 pictures of 1280x720 take less than 9 ms of CPU each', async () => {
    // 1.7 ms on the machine it was made on: docs/decisions/0006-what-motion-costs.md.
    const large = await Promise.all(
      people
        .slice(0, 50)
        .map((picture) => sharp(picture).resize(1280, 720, { fit: 'fill' }).jpeg().toBuffer()),
    );
    const detector = new MotionDetector(options);
    const frames = [...large, ...large].map((picture, index) => frameOf(picture, index + 1));
    const before = process.cpuUsage();
    for (const frame of frames) await detector.detect(frame, signal);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000 / frames.length).toBeLessThan(9);
  });
});
