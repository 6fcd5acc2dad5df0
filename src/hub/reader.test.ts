import { describe, expect, it } from 'vitest';
import { FramehubError } from '../errors.ts';
import type { Frame } from '../frame.ts';
import { readFrames } from './frames.ts';
import { Hub } from './hub.ts';
import type { FrameSink } from './reader.ts';

const identity = { kind: 'test', address: 'here' };

function frame(seq: number): Frame {
  return {
    camera: 'front',
    seq,
    codec: 'jpeg',
    keyframe: true,
    width: 4,
    height: 2,
    data: Buffer.from([seq]),
    capturedAt: Date.now(),
  };
}

function setup() {
  const demand: number[] = [];
  const hub = new Hub();
  const channel = hub.open('front', 'Front', (readers) => demand.push(readers));
  channel.setStatus({ state: 'live', since: Date.now(), reason: 'pictures are coming' });
  const collect = () => {
    const seqs: number[] = [];
    let ended: FramehubError | undefined;
    const sink: FrameSink = {
      deliver: ({ seq }) => seqs.push(seq),
      statusChanged: () => {},
      ended: (reason) => {
        ended = reason;
      },
    };
    const reader = channel.read(identity, sink);
    return { reader, seqs, ended: () => ended };
  };
  return { hub, channel, demand, collect };
}

describe('a reader', () => {
  it('gets the frame at once when one is there, and once only', () => {
    const { channel, collect } = setup();
    channel.publish(frame(1));
    const { reader, seqs } = collect();
    reader.pull();
    reader.pull();
    expect(seqs).toEqual([1]);
  });

  it('that is slow gets the newest frame, not the oldest, and what passed is counted', () => {
    const { channel, collect } = setup();
    const { reader, seqs } = collect();
    reader.pull();
    for (let seq = 1; seq <= 5; seq += 1) channel.publish(frame(seq));
    expect(seqs).toEqual([1]);
    expect(reader.report().skipped).toBe(3);
    reader.pull();
    expect(seqs).toEqual([1, 5]);
    expect(reader.report().skipped).toBe(3);
  });

  it('gets nothing while it has no room', () => {
    const { channel, collect } = setup();
    const { reader, seqs } = collect();
    reader.pull();
    reader.hold();
    channel.publish(frame(1));
    expect(seqs).toEqual([]);
  });

  it('never gets a picture from before a pause of the camera', () => {
    const { channel, collect } = setup();
    channel.publish(frame(1));
    channel.setStatus({ state: 'starting', since: Date.now(), reason: 'opening' });
    const { reader, seqs } = collect();
    reader.pull();
    expect(seqs).toEqual([]);
    channel.publish(frame(2));
    expect(seqs).toEqual([2]);
  });

  it('does not disturb the others when it leaves in the middle of a frame', () => {
    const { channel, collect } = setup();
    const leaving = channel.read(identity, {
      deliver: () => leaving.close(),
      statusChanged: () => {},
      ended: () => {},
    });
    const { reader, seqs } = collect();
    leaving.pull();
    reader.pull();
    channel.publish(frame(1));
    expect(seqs).toEqual([1]);
    expect(channel.readers.size).toBe(1);
  });

  it('counts as demand from its first moment to its close, which may come twice', () => {
    const { demand, collect } = setup();
    const { reader } = collect();
    const other = collect();
    reader.close();
    reader.close();
    other.reader.close();
    expect(demand).toEqual([1, 2, 1, 0]);
  });

  it('is told why when the camera is removed', () => {
    const { hub, collect } = setup();
    const { ended } = collect();
    hub.close('front', new FramehubError('CAMERA_NOT_FOUND', 'It was removed.'));
    expect(ended()).toMatchObject({ code: 'CAMERA_NOT_FOUND', message: 'It was removed.' });
  });

  it('says how old its pictures were and how much it took', () => {
    const { channel, collect } = setup();
    const { reader } = collect();
    reader.pull();
    const late = { ...frame(1), capturedAt: Date.now() - 251 };
    channel.publish(late);
    reader.delivered(late, 1_000);
    expect(reader.report()).toMatchObject({
      frames: 1,
      bytes: 1_000,
      kind: 'test',
      address: 'here',
    });
    // True to a millisecond, as the time of capture is.
    expect(reader.report().age).toBeGreaterThanOrEqual(250);
  });
});

describe('reading in a loop', () => {
  it('skips what passes while the body is busy', async () => {
    const { channel } = setup();
    const seen: number[] = [];
    channel.publish(frame(1));
    for await (const { seq } of readFrames(channel, identity)) {
      seen.push(seq);
      if (seq === 1) for (let next = 2; next <= 9; next += 1) channel.publish(frame(next));
      if (seq === 9) break;
    }
    expect(seen).toEqual([1, 9]);
    expect(channel.readers.size).toBe(0);
  });

  it('ends when its signal aborts, also while it waits', async () => {
    const { channel } = setup();
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 20);
    const seen: Frame[] = [];
    for await (const next of readFrames(channel, identity, abort.signal)) seen.push(next);
    expect(seen).toEqual([]);
    expect(channel.readers.size).toBe(0);
  });

  it('throws the reason when the camera is removed', async () => {
    const { hub, channel } = setup();
    setTimeout(() => hub.close('front', new FramehubError('CAMERA_NOT_FOUND', 'removed')), 20);
    const reading = readFrames(channel, identity).next();
    await expect(reading).rejects.toMatchObject({ code: 'CAMERA_NOT_FOUND' });
  });
});
