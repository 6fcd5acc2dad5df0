import { expect, it } from 'vitest';
import { Tail } from './tail.ts';

it('keeps all of a short text', () => {
  const tail = new Tail(20);
  tail.push(Buffer.from('one\ntwo'));
  expect(tail.text()).toBe('one\ntwo');
});

it('keeps the last whole lines of a long one, however it comes', () => {
  for (const size of [1, 3, 7, 100]) {
    const tail = new Tail(12);
    const text = Buffer.from('first line\nsecond\nthird\n');
    for (let at = 0; at < text.length; at += size) tail.push(text.subarray(at, at + size));
    expect(tail.text()).toBe('third\n');
  }
});

it('keeps the end of a line that is longer than all it may keep', () => {
  const tail = new Tail(4);
  tail.push(Buffer.from('abcdefgh'));
  expect(tail.text()).toBe('efgh');
});
