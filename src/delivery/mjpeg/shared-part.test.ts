import { describe, expect, it } from 'vitest';
import { dialectFor } from './dialect.ts';
import { PartBuilder } from './shared-part.ts';
import type { StreamPicture } from './stream-picture.ts';

const picture = (text: string): StreamPicture => ({ data: Buffer.from(text), headers: '' });

describe('the parts of one dialect', () => {
  it('are built one after the other in the same memory', () => {
    const builder = new PartBuilder(dialectFor({}), 'B');
    const first = builder.build(picture('a first picture of some length'));
    const second = builder.build(picture('a second one'));
    expect(second.bytes.buffer).toBe(first.bytes.buffer);
    expect(second.bytes.toString()).toContain('\r\n\r\na second one\r\n--B\r\n');
    expect(builder.newest).toBe(second);
  });

  it('are left alone while a viewer still gets them', () => {
    const builder = new PartBuilder(dialectFor({}), 'B');
    const held = builder.build(picture('a first picture'));
    const bytes = Buffer.from(held.bytes);
    held.holders = 1;
    const next = [builder.build(picture('the second one.')), builder.build(picture('and a third'))];
    expect(held.bytes.equals(bytes)).toBe(true);
    for (const { bytes: other } of next) expect(other.buffer).not.toBe(held.bytes.buffer);
  });

  it('of an older picture leave the newest one alone', () => {
    const builder = new PartBuilder(dialectFor({}), 'B');
    const newest = builder.build(picture('the newest'));
    const again = builder.buildAgain(picture('an older one'));
    expect(again.bytes.toString()).toContain('\r\n\r\nan older one\r\n--B\r\n');
    expect(newest.bytes.toString()).toContain('\r\n\r\nthe newest\r\n--B\r\n');
    expect(builder.newest).toBe(newest);
  });

  it('take more memory for a larger picture', () => {
    const builder = new PartBuilder(dialectFor({}), 'B');
    builder.build(picture('small'));
    const large = builder.build(picture('x'.repeat(10_000)));
    expect(large.bytes.toString()).toContain('x'.repeat(10_000));
  });
});
