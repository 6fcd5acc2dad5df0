import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { demoPictures } from '../../test/support/jpegs.ts';
import { blockMeans } from './jpeg-block-means.ts';

/** The first picture of standard input again, plain and with a restart after every `n` units. */
const script = `
import sys, cv2, numpy
picture = cv2.imdecode(numpy.frombuffer(sys.stdin.buffer.read(), numpy.uint8), 1)
for n in (0, 1, 7, 100):
    cv2.imwrite(f"{sys.argv[1]}/{n}.jpg", picture, [cv2.IMWRITE_JPEG_RST_INTERVAL, n])
`;

it('restart markers, as webcams set them, change nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'framehub-restart-'));
  const written = promisify(execFile)('/usr/bin/python3', ['-c', script, folder]);
  written.child.stdin?.end(demoPictures()[0]);
  await written;
  const read = async (n: number) => await readFile(join(folder, `${n}.jpg`));
  const plain = blockMeans(await read(0));
  expect(plain).toMatchObject({ width: 96, height: 72 });
  for (const n of [1, 7, 100]) {
    const picture = await read(n);
    expect(picture.includes(Buffer.from([0xff, 0xd3]))).toBe(true);
    expect(blockMeans(picture)?.data.equals(plain?.data ?? Buffer.alloc(0)), `every ${n}`).toBe(
      true,
    );
  }
  await rm(folder, { recursive: true });
});
