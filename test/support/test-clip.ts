import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { readSeqMark } from '../../src/source/test/seq-mark.ts';
import { testSource } from '../../src/source/test/test-source.ts';

const run = promisify(execFile);

/** Writes a video file of so many pictures, 320x240, each with its number from 1 in it. */
export async function writeTestClip(path: string, pictures: number): Promise<void> {
  const context = { camera: 'clip', ffmpeg: 'ffmpeg', maxPictureBytes: 1e7 };
  const source = testSource.open('test:?size=320x240&fps=120&clock=off', context);
  const jpegs: Buffer[] = [];
  for await (const { data } of source.frames(new AbortController().signal, 1)) {
    if (jpegs.push(data) === pictures) break;
  }
  const input = ['-f', 'image2pipe', '-framerate', '20', '-c:v', 'mjpeg', '-i', 'pipe:0'];
  const written = run('ffmpeg', ['-v', 'error', '-y', ...input, '-c:v', 'copy', path]);
  written.child.stdin?.end(Buffer.concat(jpegs));
  await written;
}

/** The number in a picture, if it can be read. */
export async function numberIn(jpeg: Buffer): Promise<number | undefined> {
  const { data, info } = await sharp(jpeg).greyscale().raw().toBuffer({ resolveWithObject: true });
  return readSeqMark(data, info.width, info.height);
}
