import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { checkJpeg } from '../src/media/jpeg.ts';
import { objectAt } from '../src/source/test/moving-object.ts';
import { readSeqMark } from '../src/source/test/seq-mark.ts';
import { ballDetector } from './support/ball-detector.ts';
import { distinctSeqs, watchMjpeg } from './support/mjpeg-client.ts';
import { startServer, type TestServer } from './support/server.ts';
import { until } from './support/until.ts';

let server: TestServer;
afterEach(() => server.close());

const path = '/cameras/front/annotated.mjpg';
const source = 'test:?size=640x360&fps=20&clock=off';

async function start(detector = ballDetector(100), fps = 60): Promise<void> {
  server = await startServer({
    cameras: [{ id: 'front', source, detect: { detector, fps }, idleTimeout: 0 }],
  });
}

interface Picture {
  readonly seq: number | undefined;
  readonly width: number;
  readonly height: number;
  /** Edges of the drawn box in fractions of the picture; undefined: there is none. */
  readonly box: { left: number; right: number; bottom: number } | undefined;
}

/** The ball is so far down that its label does not cover the number of the picture. */
const isLow = (seq: number) => seq > 0 && objectAt(seq, 640, 360).y > 0.25;

/** What is to be seen in the picture: its number, and where the box is drawn. */
async function look(jpeg: Buffer): Promise<Picture> {
  const image = sharp(jpeg);
  const luma = await image.clone().greyscale().raw().toBuffer();
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  // The colour of a ball is a green; there is no other between the mark and the colour bars.
  const isLine = (x: number, y: number) => {
    const [red = 0, green = 0, blue = 0] = data.subarray((y * width + x) * 3);
    return green - red > 60 && green - blue > 35;
  };
  const rows: { y: number; left: number; right: number }[] = [];
  for (let y = Math.ceil(height * 0.12); y < height * 0.89; y++) {
    const line = Array.from({ length: width }, (_, x) => x).filter((x) => isLine(x, y));
    const [left, right] = [line[0], line.at(-1)];
    if (left !== undefined && right !== undefined && right - left > 10)
      rows.push({ y, left, right });
  }
  const bottom = rows.at(-1);
  // The label may be wider than the box, so its sides are taken near its lower edge.
  const near = rows.slice(-14, -4);
  const sides = {
    left: middle(near.map(({ left }) => left)),
    right: middle(near.map(({ right }) => right)),
  };
  return {
    seq: readSeqMark(luma, width, height),
    width,
    height,
    box:
      bottom === undefined
        ? undefined
        : { left: sides.left / width, right: sides.right / width, bottom: bottom.y / height },
  };
}

function middle(list: readonly number[]): number {
  return list.toSorted((a, b) => a - b)[list.length >> 1] ?? Number.NaN;
}

describe('annotated pictures', () => {
  it('have the box of their own frame, whose number they keep', async () => {
    await start();
    for (const size of ['', '?width=320']) {
      const viewer = watchMjpeg(server.port, path + size);
      const pictures = await until('pictures', () => {
        const low = viewer.parts.filter(({ seq = 0 }) => isLow(seq));
        return low.length >= 6 && low;
      });
      for (const part of pictures) {
        const { seq, box, width, height } = await look(part.data);
        expect(seq).toBe(part.seq);
        const ball = objectAt(part.seq ?? 0, 640, 360);
        // A line and its rim, and what JPEG makes of an edge.
        const near = 6 / width;
        expect(Math.abs((box?.left ?? 9) - ball.x), `left of ${seq}`).toBeLessThan(near);
        expect(Math.abs((box?.right ?? 9) - ball.x - ball.width)).toBeLessThan(near);
        expect(Math.abs((box?.bottom ?? 9) - ball.y - ball.height)).toBeLessThan(6 / height);
      }
      viewer.close();
    }
  });

  it('are drawn once for all who watch, and are gone with the last of them', async () => {
    const detector = ballDetector(50);
    await start(detector);
    const viewers = Array.from({ length: 20 }, () => watchMjpeg(server.port, path));
    await until('pictures', () => viewers.every(({ parts }) => distinctSeqs(parts).length >= 8));
    const camera = await server.camera('front');
    expect(camera.variants).toMatchObject([{ label: 'annotated', annotated: true, readers: 20 }]);
    expect(camera.variants[0]?.encodes).toBeLessThanOrEqual(detector.looks);
    expect(camera.readers.filter(({ kind }) => kind === 'mjpeg')).toHaveLength(20);
    const seqs = viewers.map(({ parts }) => distinctSeqs(parts).slice(0, 8).at(-1));
    const of = (seq: number | undefined) =>
      viewers.flatMap(({ parts }) => parts.filter((part) => part.seq === seq).slice(0, 1));
    const [first, ...others] = of(Math.max(...seqs.map((seq) => seq ?? 0)));
    expect(others.length).toBeGreaterThan(10);
    for (const other of others)
      expect(other.data.equals(first?.data ?? Buffer.alloc(0))).toBe(true);
    for (const viewer of viewers) viewer.close();
    await until('no form', async () => (await server.camera('front')).variants.length === 0);
    await until('off', async () => (await server.camera('front')).status.state === 'off');
    const { looks } = detector;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(detector.looks).toBe(looks);
  });

  it('show every result of a camera that is quicker than its detector, in order', async () => {
    await start(ballDetector(120));
    const viewer = watchMjpeg(server.port, path);
    await until('pictures', () => distinctSeqs(viewer.parts).length >= 10, 20_000);
    const seqs = distinctSeqs(viewer.parts);
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
    const [variant] = (await server.camera('front')).variants;
    expect(variant?.skipped).toBe(0);
    viewer.close();
  });

  it('say that no result comes instead of showing nothing', async () => {
    server = await startServer({ cameras: { front: source } });
    const browser = { userAgent: 'Mozilla/5.0 Firefox/140.0' };
    const viewer = watchMjpeg(server.port, path, browser);
    await until('words', () => viewer.parts.some(({ placeholder }) => placeholder === 'starting'));
    viewer.close();
  });

  it('are there one by one, too', async () => {
    await start();
    const camera = watchMjpeg(server.port, '/cameras/front/stream.mjpg');
    await until('the ball further down', () => isLow(camera.parts.at(-1)?.seq ?? 0));
    const response = await fetch(`${server.url}/cameras/front/snapshot.jpg?annotated=1&width=320`);
    expect(response.status).toBe(200);
    const data = Buffer.from(await response.arrayBuffer());
    expect(checkJpeg(data)).toMatchObject({ width: 320, height: 180 });
    const { seq, box } = await look(data);
    expect(String(seq)).toBe(response.headers.get('x-frame-id'));
    expect(Math.abs((box?.left ?? 9) - objectAt(seq ?? 0, 640, 360).x)).toBeLessThan(0.02);
    camera.close();
    await until('no form', async () => (await server.camera('front')).variants.length === 0);
  });

  it('tell why there is none, one by one', async () => {
    server = await startServer({ cameras: { front: source } });
    const response = await fetch(
      `${server.url}/cameras/front/snapshot.jpg?annotated=true&timeout=400`,
    );
    expect(response.status).toBe(503);
    const { detail } = JSON.parse(await response.text());
    expect(detail).toMatch(/it has no detector/);
    await until('no form', async () => (await server.camera('front')).variants.length === 0);
  });
});
