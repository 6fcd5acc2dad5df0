import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { checkJpeg } from '../src/media/jpeg.ts';
import { readSeqMark } from '../src/source/test/seq-mark.ts';
import { distinctSeqs, watchMjpeg } from './support/mjpeg-client.ts';
import { startServer, type TestServer } from './support/server.ts';
import { until } from './support/until.ts';

let server: TestServer;
afterEach(() => server.close());

const path = '/cameras/front/stream.mjpg';
const source = 'test:?size=640x360&fps=20';

describe('pictures in another form', () => {
  it('are encoded once for all who want them so, and are gone with the last of them', async () => {
    server = await startServer({ cameras: { front: source } });
    const viewers = Array.from({ length: 30 }, (_, index) =>
      watchMjpeg(server.port, `${path}?width=${300 + (index % 20)}`),
    );
    await until('pictures', () => viewers.every(({ parts }) => parts.length >= 10));
    const camera = await server.camera('front');
    expect(camera.variants).toMatchObject([{ label: 'width=320', width: 320, readers: 30 }]);
    const [variant] = camera.variants;
    expect(variant?.encodes).toBeLessThanOrEqual(camera.seq + 1);
    expect(camera.readers).toHaveLength(30);
    for (const reader of camera.readers) expect(reader).toMatchObject({ variant: 'width=320' });
    for (const viewer of viewers) viewer.close();
    await until('no form', async () => (await server.camera('front')).variants.length === 0);
    expect((await server.camera('front')).readers).toEqual([]);
  });

  it('keep the number of their frame, which is the one in the picture', async () => {
    server = await startServer({ cameras: { front: source } });
    const viewer = watchMjpeg(server.port, `${path}?width=320&quality=45`);
    await until('pictures', () => viewer.parts.length >= 5);
    for (const { data, seq } of viewer.parts.slice(0, 5)) {
      expect(checkJpeg(data)).toMatchObject({ width: 320, height: 180 });
      const { data: luma, info } = await sharp(data)
        .greyscale()
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect(readSeqMark(luma, info.width, info.height)).toBe(seq);
    }
    viewer.close();
  });

  it('are never larger than the camera gives, and the very bytes when nothing is to be done', async () => {
    server = await startServer({ cameras: { front: source } });
    const plain = watchMjpeg(server.port, path);
    const wide = watchMjpeg(server.port, `${path}?width=1920`);
    await until('pictures', () => wide.parts.length >= 5 && plain.parts.length >= 5);
    const same = wide.parts.filter(({ seq, data }) =>
      plain.parts.some((part) => part.seq === seq && part.data.equals(data)),
    );
    expect(same.length).toBeGreaterThan(2);
    expect((await server.camera('front')).variants).toMatchObject([{ encodes: 0 }]);
    plain.close();
    wide.close();
  });

  it('are as few as asked for, without an encoding', async () => {
    server = await startServer({ cameras: { front: source } });
    const viewer = watchMjpeg(server.port, `${path}?fps=5`);
    await until('a picture', () => viewer.parts.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const seqs = distinctSeqs(viewer.parts);
    expect(seqs.length).toBeGreaterThanOrEqual(9);
    expect(seqs.length).toBeLessThanOrEqual(12);
    expect((await server.camera('front')).variants[0]?.encodes).toBe(0);
    expect((await server.camera('front')).readers[0]).toMatchObject({ skipped: 0 });
    viewer.close();
  });

  it('start a cold camera, and let it go again', async () => {
    server = await startServer({ cameras: [{ id: 'front', source, idleTimeout: 0 }] });
    const viewer = watchMjpeg(server.port, `${path}?width=160`);
    await until('a picture', () => viewer.parts.length > 0);
    viewer.close();
    await until('off', async () => (await server.camera('front')).status.state === 'off');
  });

  it('go for a viewer whose link is slow and come without its doing, with the reason', async () => {
    server = await startServer({ cameras: { front: 'test:?size=1280x720&fps=20' } });
    const slow = watchMjpeg(server.port, `${path}?quality=auto`);
    const fast = watchMjpeg(server.port, `${path}?quality=auto`);
    // 200 KB a second, as a thin link would.
    let room = 0;
    slow.socket.on('data', (chunk: Buffer) => {
      room -= chunk.length;
      if (room <= 0) slow.socket.pause();
    });
    const trickle = setInterval(() => {
      room = Math.min(room + 10_000, 20_000);
      if (room > 0) slow.socket.resume();
    }, 50);
    const reader = await until(
      'a smaller form',
      async () => (await server.camera('front')).readers.find(({ variant }) => variant),
      20_000,
    );
    expect(reader.fit).toMatch(/^the link carried [\d.]+ Mbit\/s/);
    await until('small pictures', () => (slow.parts.at(-1)?.data.length ?? 1e9) < 30_000, 20_000);
    expect(slow.closed).toBe(false);
    const seqs = distinctSeqs(slow.parts);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    expect(checkJpeg(fast.parts.at(-1)?.data ?? Buffer.alloc(0)).width).toBe(1280);
    clearInterval(trickle);
    slow.close();
    fast.close();
  }, 50_000);

  it('apply to snapshots too', async () => {
    server = await startServer({ cameras: { front: source } });
    const response = await fetch(`${server.url}/cameras/front/snapshot.jpg?width=320&quality=30`);
    expect(checkJpeg(Buffer.from(await response.arrayBuffer()))).toMatchObject({ width: 320 });
    expect(response.headers.get('etag')).toMatch(/-320-30"$/);
  });

  it('are refused with the reason when there are too many of them', async () => {
    server = await startServer({ cameras: { front: source } });
    const widths = [160, 240, 320, 480];
    const rates = [1, 2, 3, 5, 8, 10, 15, 20];
    const viewers = widths.flatMap((width) =>
      rates.map((fps) => watchMjpeg(server.port, `${path}?width=${width}&fps=${fps}`)),
    );
    await until('32 forms', async () => (await server.camera('front')).variants.length === 32);
    const response = await fetch(`${server.url}${path}?width=640`);
    expect(response.status).toBe(429);
    expect(JSON.parse(await response.text())).toMatchObject({ code: 'TOO_MANY' });
    for (const viewer of viewers) viewer.close();
  });

  it('are not asked for with nonsense', async () => {
    server = await startServer({ cameras: { front: source } });
    for (const query of ['width=0', 'width=big', 'quality=101', 'quality=best', 'fps=-1']) {
      const response = await fetch(`${server.url}${path}?${query}`);
      expect(response.status, query).toBe(400);
      await response.text();
    }
  });
});
