import { describe, expect, it } from 'vitest';
import { type CameraFacts, commonRatio, facts, shortFacts, summary } from './facts.ts';

const live = { state: 'live', since: 0, reason: '' } as const;
const off = { state: 'off', since: 0, reason: '', stopped: true } as const;
const front: CameraFacts = {
  status: live,
  width: 768,
  height: 576,
  fps: 9.97,
  readers: [{ kind: 'websocket' }, { kind: 'mjpeg' }, { kind: 'detector' }],
};

describe('what is said of a camera', () => {
  it('is size, rate and viewers', () => {
    expect(facts(front)).toBe('768 × 576 · 10 fps · 2 viewers');
    expect(shortFacts({ ...front, fps: 0.96, readers: [{ kind: 'mjpeg' }] })).toBe(
      '1 fps · 1 viewer',
    );
  });

  it('leaves out what is not known or means nothing', () => {
    const { width: _width, height: _height, ...unseen } = front;
    expect(facts({ ...unseen, status: off, readers: [] })).toBe('nobody watches');
  });

  it('sums up how many there are and how many are live', () => {
    expect(summary([])).toBe('');
    expect(summary([front])).toBe('1 camera · 1 live');
    expect(summary([front, { ...front, status: off }])).toBe('2 cameras · 1 live');
    expect(summary([{ ...front, status: off }])).toBe('1 camera · none live');
  });
});

it('tiles take the shape most pictures have, the wider one of two', () => {
  const wide = { ...front, width: 1280, height: 720 };
  const { width: _width, height: _height, ...unseen } = front;
  expect(commonRatio([front, wide, front, unseen, unseen, unseen])).toBeCloseTo(4 / 3);
  expect(commonRatio([front, wide])).toBeCloseTo(16 / 9);
  expect(commonRatio([])).toBeCloseTo(16 / 9);
});
