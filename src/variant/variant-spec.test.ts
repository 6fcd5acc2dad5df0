import { describe, expect, it } from 'vitest';
import { snap, variantLabel } from './variant-spec.ts';

describe('a wish', () => {
  it('is snapped so that many wishes share few encodings', () => {
    expect(snap({ width: 600, quality: 50, fps: 12 })).toEqual({
      width: 640,
      quality: 60,
      fps: 10,
    });
    expect(snap({ width: 640, quality: 60, fps: 10 })).toEqual({
      width: 640,
      quality: 60,
      fps: 10,
    });
    expect(variantLabel(snap({ width: 500 }))).toBe(variantLabel(snap({ width: 640 })));
  });

  it('beyond the ladder is what the camera gives, at the best quality there is', () => {
    expect(snap({ width: 10_000, quality: 99, fps: 120 })).toEqual({ quality: 90 });
    expect(snap({})).toEqual({});
    expect(variantLabel({})).toBe('');
  });

  it('for fewer pictures than the ladder has is its slowest rung', () => {
    expect(snap({ fps: 0.01 })).toEqual({ fps: 0.1 });
  });
});
