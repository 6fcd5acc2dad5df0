import sharp from 'sharp';
import type { Frame } from '../../src/frame.ts';
import { checkJpeg } from '../../src/media/jpeg.ts';
import { objectAt } from '../../src/source/test/moving-object.ts';
import { TestCard } from '../../src/source/test/test-card.ts';
import { testOptions } from '../../src/source/test/test-options.ts';

/** A picture as a frame of a camera that gives 5 a second. */
export function frameOf(data: Buffer, seq: number, interval = 200): Frame {
  const { width, height } = checkJpeg(data);
  const identity = { camera: 'front', seq, capturedAt: 1_700_000_000_000 + seq * interval };
  return { ...identity, codec: 'jpeg', keyframe: true, width, height, data };
}

/** A grey picture, in which there is nothing. */
export async function emptyPicture(width = 640, height = 360): Promise<Buffer> {
  const create = { width, height, channels: 3, background: '#808080' } as const;
  return await sharp({ create }).jpeg().toBuffer();
}

/** Pictures of the test camera, 640x360: its ball moves, and everything else but digits is still. */
export async function ballPictures(seqs: readonly number[]): Promise<Buffer[]> {
  const card = await TestCard.create(testOptions('test:?size=640x360&clock=off'));
  const pictures: Buffer[] = [];
  for (const seq of seqs) pictures.push(await card.draw(seq, 0));
  return pictures;
}

/** Where the ball is in such a picture. */
export function ballAt(seq: number) {
  return objectAt(seq, 640, 360);
}
