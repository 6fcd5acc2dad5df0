import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkJpeg } from '../src/media/jpeg.ts';
import { JpegSplitter } from '../src/media/jpeg-splitter.ts';
import { MultipartParser } from '../src/media/multipart-parser.ts';
import { startServer, type TestServer } from './support/server.ts';

const run = promisify(execFile);
const support = fileURLToPath(new URL('./support', import.meta.url));
let server: TestServer;
beforeAll(async () => {
  server = await startServer({ cameras: { front: 'test:?size=640x480&fps=30' } });
});
afterAll(() => server.close());

/** Reads `count` pictures with `cv2.VideoCapture` and prints the number in each. */
const openCv = `
import sys, cv2
sys.path.insert(0, sys.argv[1])
from read_seq import read_seq
capture = cv2.VideoCapture(sys.argv[2])
for _ in range(int(sys.argv[3])):
    ok, image = capture.read()
    if not ok:
        sys.exit("no picture")
    print(image.shape[1], image.shape[0], read_seq(image))
`;

describe('/video_feed is read by', () => {
  it('OpenCV, which decodes 100 pictures in a row and finds each with its number, in order', async () => {
    const url = `${server.url}/video_feed`;
    const { stdout } = await run('/usr/bin/python3', ['-c', openCv, support, url, '100']);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
    expect(lines).toHaveLength(100);
    expect(new Set(lines.map(([width, height]) => `${width}x${height}`))).toEqual(
      new Set(['640x480']),
    );
    const seqs = lines.map(([, , seq]) => Number(seq));
    const first = seqs[0] ?? 0;
    expect(seqs).toEqual(seqs.map((_, index) => first + index));
  });

  it('ffmpeg, which passes the very bytes on', async () => {
    const { stdout } = await run(
      'ffmpeg',
      [
        '-v',
        'error',
        '-i',
        `${server.url}/video_feed`,
        '-frames:v',
        '20',
        '-c',
        'copy',
        '-f',
        'mjpeg',
        'pipe:1',
      ],
      { encoding: 'buffer', maxBuffer: 1e8 },
    );
    const pictures = new JpegSplitter(1e7).push(stdout);
    expect(pictures).toHaveLength(20);
    for (const picture of pictures)
      expect(checkJpeg(picture)).toMatchObject({ width: 640, height: 480 });
  });

  it('curl, also to ask for a snapshot', async () => {
    const streamed = await run('curl', ['-sN', '--max-time', '2', `${server.url}/video_feed`], {
      encoding: 'buffer',
      maxBuffer: 1e8,
    }).catch((error: { code: number; stdout: Buffer }) => error);
    // 28: the time is over, as it was told to.
    expect('code' in streamed ? streamed.code : 0).toBe(28);
    const parts = new MultipartParser({ maxPartBytes: 1e7 }).push(streamed.stdout);
    expect(parts.length).toBeGreaterThan(40);
    for (const { body } of parts) checkJpeg(body);

    const { stdout } = await run('curl', [
      '-sfD',
      '-',
      '-o',
      '/dev/null',
      `${server.url}/snapshot`,
    ]);
    expect(stdout).toMatch(/^HTTP\/1\.1 200/);
    expect(stdout.toLowerCase()).toContain('content-type: image/jpeg');
  });
});
