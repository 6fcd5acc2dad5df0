import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ownChildren } from '../../../test/support/processes.ts';
import { sourceContract, take } from '../../source.contract.ts';
import type { Source } from '../../source.ts';
import { ffmpegSource } from './ffmpeg-source.ts';
import { fileSource } from './file-source.ts';

const context = { camera: 'a', ffmpeg: 'ffmpeg', maxPictureBytes: 4_000_000 };
const leftovers = async () => (await ownChildren()).map(({ command }) => command);

/** A second of video, 10 pictures, in a folder of its own whose name needs care. */
async function clip(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'framehub clip: -'));
  const path = join(folder, 'my clip.mp4');
  const input = ['-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=10:duration=1'];
  await promisify(execFile)('ffmpeg', ['-v', 'error', ...input, '-pix_fmt', 'yuv420p', path]);
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}

let film: Awaited<ReturnType<typeof clip>>;
beforeAll(async () => {
  film = await clip();
});
afterAll(() => film.remove());

async function failureOf(source: Source): Promise<unknown> {
  try {
    for await (const _ of source.frames(new AbortController().signal, 1));
  } catch (error) {
    return error;
  }
  return undefined;
}

sourceContract('a video file', async () => {
  const own = await clip();
  return {
    open: () => fileSource.open(own.path, context),
    failing: {
      open: () => fileSource.open(`${own.path}.missing.mp4`, context),
      code: 'SOURCE_NOT_FOUND',
    },
    leftovers,
    close: own.remove,
  };
});

sourceContract('ffmpeg:', () => ({
  open: () => ffmpegSource.open('ffmpeg:-f lavfi -i testsrc2=size=160x120:rate=20', context),
  failing: {
    open: () => ffmpegSource.open('ffmpeg:-f lavfi -i testsrc2=rate=20:duration=0.5', context),
    code: 'SOURCE_ENDED',
  },
  leftovers,
}));

it('a file plays in real time and begins again at its end', async () => {
  const got = await take(fileSource.open(film.path, context), 25);
  const times = got.map(({ capturedAt = 0 }) => capturedAt);
  // 10 pictures a second; the first few may come at once.
  const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000;
  expect(seconds).toBeGreaterThan(1.7);
  expect(seconds).toBeLessThan(4);
  for (const { data } of got) {
    expect(await sharp(data).metadata()).toMatchObject({ width: 160, height: 120 });
  }
  expect(got[20]?.data.equals(got[0]?.data ?? Buffer.alloc(0)), 'the third round').toBe(true);
});

it('a folder, or a file that is no video, is told apart from a missing one', async () => {
  const text = join(film.path, '..', 'notes.mp4');
  await writeFile(text, 'no video at all');
  expect(await failureOf(fileSource.open(text, context))).toMatchObject({
    code: 'SOURCE_NOT_PICTURES',
  });
  expect(await failureOf(fileSource.open(join(film.path, '..'), context))).toMatchObject({
    code: 'SOURCE_NOT_PICTURES',
    help: expect.stringContaining('images:'),
  });
});

it('what FFmpeg makes up itself comes in real time', async () => {
  const source = ffmpegSource.open('ffmpeg:-f lavfi -i testsrc2=size=160x120:rate=10', context);
  const times = (await take(source, 16)).map(({ capturedAt = 0 }) => capturedAt);
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(1_000);
});

it('pictures are full range, so that white is white', async () => {
  const source = ffmpegSource.open('ffmpeg:-f lavfi -i color=white:size=64x64:rate=10', context);
  const [picture] = await take(source, 1);
  const { channels } = await sharp(picture?.data).stats();
  for (const { min } of channels) expect(min).toBeGreaterThan(250);
});

it('a picture larger than allowed is refused', async () => {
  const source = ffmpegSource.open('ffmpeg:-f lavfi -i testsrc2=size=640x480:rate=10', {
    ...context,
    maxPictureBytes: 5_000,
  });
  expect(await failureOf(source)).toMatchObject({ code: 'PICTURE_TOO_LARGE' });
  expect(await leftovers()).toEqual([]);
});

it('arguments FFmpeg does not know are told in its words', async () => {
  const source = ffmpegSource.open('ffmpeg:-bogus 1 -i x.mp4', context);
  expect(await failureOf(source)).toMatchObject({
    code: 'FFMPEG_FAILED',
    message: expect.stringContaining("'bogus'"),
  });
});
