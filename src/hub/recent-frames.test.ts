import { expect, it } from 'vitest';
import type { Frame } from '../frame.ts';
import { RecentFrames } from './recent-frames.ts';

function filled(from: number, to: number): RecentFrames {
  const frames = new RecentFrames();
  for (let seq = from; seq <= to; seq += 1) frames.add(frame(seq));
  return frames;
}

function frame(seq: number): Frame {
  const data = Buffer.alloc(0);
  const size = { width: 640, height: 360 };
  const form = { camera: 'front', codec: 'jpeg', keyframe: true } as const;
  return { ...form, ...size, seq, data, capturedAt: 1_000_000 + seq * 33.25 };
}

it('knows the frames of the last seconds by number and by capture time', () => {
  const frames = filled(1, 1_000);
  expect(frames.find({ seq: 990 })).toEqual({
    seq: 990,
    capturedAt: 1_032_917.5,
    width: 640,
    height: 360,
  });
  expect(frames.find({ capturedAt: 1_032_917.5004 })?.seq).toBe(990);
});

it('does not know one that is long gone, to come, or of no number at all', () => {
  const frames = filled(1, 1_000);
  expect(frames.find({ seq: 700 })).toBeUndefined();
  expect(frames.find({ seq: 701 })).toBeDefined();
  expect(frames.find({ seq: 1_001 })).toBeUndefined();
  expect(frames.find({})).toBeUndefined();
});

it('takes number and time together, so that a number of an earlier life is not believed', () => {
  const frames = filled(1, 10);
  expect(frames.find({ seq: 5, capturedAt: frame(5).capturedAt })?.seq).toBe(5);
  expect(frames.find({ seq: 5, capturedAt: frame(6).capturedAt })).toBeUndefined();
});
