import { describe, expect, it } from 'vitest';
import { type Due, HeldPictures } from './held-pictures.ts';

const picture = (seq: number, bytes = 1_000) => ({ seq, data: new Uint8Array(bytes) });
const due = (delay: number, newestKnown = Infinity, patience = 100): Due => ({
  delay,
  patience,
  isKnown: (seq) => seq <= newestKnown,
});
const never = () => {
  throw new Error('there is room');
};

describe('held pictures', () => {
  it('are due in order, each after its delay', () => {
    const held = new HeldPictures();
    for (const seq of [1, 2, 3]) held.put(picture(seq), seq * 50);
    expect(held.take(349, due(300), never)).toBeUndefined();
    expect(held.wait(349, due(300))).toBe(1);
    expect(held.take(350, due(300), never)?.seq).toBe(1);
    expect(held.take(410, due(300), never)?.seq).toBe(2);
    expect(held.wait(410, due(300))).toBe(40);
    expect(held.take(460, due(300), never)?.seq).toBe(3);
    expect(held.wait(460, due(300))).toBeUndefined();
  });

  it('that are due together are shown as the newest of them', () => {
    const held = new HeldPictures();
    for (const seq of [1, 2, 3]) held.put(picture(seq), seq);
    expect(held.take(1_000, due(300), never)?.seq).toBe(3);
    expect(held.length).toBe(0);
  });

  it('wait a little longer for what is not known yet, and no longer than that', () => {
    const held = new HeldPictures();
    held.put(picture(5), 0);
    held.put(picture(6), 40);
    expect(held.take(350, due(300, 4), never)).toBeUndefined();
    expect(held.take(350, due(300, 5), never)?.seq).toBe(5);
    expect(held.take(439, due(300, 5), never)).toBeUndefined();
    expect(held.take(440, due(300, 5), never)?.seq).toBe(6);
  });

  it('are never more than 60, or 64 MB: the oldest is shown early, and that is told', () => {
    const told: number[] = [];
    const held = new HeldPictures();
    for (let seq = 1; seq <= 61; seq++) held.put(picture(seq), seq * 10);
    expect(held.take(620, due(2_000), (ms) => told.push(ms))?.seq).toBe(1);
    expect(held.length).toBe(60);
    expect(told).toEqual([610]);
    const large = new HeldPictures();
    for (let seq = 1; seq <= 9; seq++) large.put(picture(seq, 8 * 1024 * 1024), 0);
    expect(large.take(10, due(2_000), (ms) => told.push(ms))?.seq).toBe(1);
    expect(large.length).toBe(8);
  });
});
