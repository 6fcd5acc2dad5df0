import { afterEach, describe, expect, it } from 'vitest';
import { checkJpeg } from '../src/media/jpeg.ts';
import { distinctSeqs, type MjpegClient, watchMjpeg } from './support/mjpeg-client.ts';
import { ownChildren } from './support/processes.ts';
import { startServer, type TestServer } from './support/server.ts';
import { until } from './support/until.ts';
import { type VirtualCamera, virtualCamera } from './support/virtual-camera.ts';

const STALL = 1_500;
let webcam: VirtualCamera;
let server: TestServer;
let viewers: MjpegClient[] = [];
afterEach(async () => {
  for (const viewer of viewers) viewer.close();
  await server.close();
  await webcam.close();
});

async function start(): Promise<void> {
  webcam = await virtualCamera();
  server = await startServer({
    ffmpeg: webcam.ffmpeg,
    cameras: [{ id: 'front', source: 'webcam:0', stallTimeout: STALL }],
  });
  const agents = ['curl/8', 'Mozilla/5.0 AppleWebKit/605.1 Safari/605.1'];
  viewers = agents.map((userAgent) => watchMjpeg(server.port, '/video_feed', { userAgent }));
  await until('pictures', () => viewers.every(({ parts }) => parts.length > 10), 20_000);
}

async function capture(): Promise<number> {
  const processes = await ownChildren();
  const [ffmpeg] = processes.filter(({ command }) => command.includes('mpjpeg'));
  if (ffmpeg === undefined) throw new Error('no capture runs');
  return ffmpeg.pid;
}

/** Every viewer sees why within a second of the stall watch, and pictures again by itself. */
async function expectRecovery(brokenAt: number, within: number, cure: () => Promise<void>) {
  const from = viewers.map(({ parts }) => parts.length);
  const lastSeq = viewers.map(({ parts }) => distinctSeqs(parts).at(-1) ?? 0);
  await until('placeholders', () =>
    viewers.every(({ parts }, index) => parts.slice(from[index]).some((part) => part.placeholder)),
  );
  for (const [index, { parts }] of viewers.entries()) {
    const placeholder = parts.slice(from[index]).find((part) => part.placeholder);
    expect((placeholder?.at ?? Number.POSITIVE_INFINITY) - brokenAt).toBeLessThan(within);
    expect(placeholder?.placeholder).toMatch(/^(stalled|retrying)$/);
    expect(checkJpeg(placeholder?.data ?? Buffer.alloc(0))).toMatchObject({
      width: 320,
      height: 240,
    });
  }
  const { status } = await server.camera('front');
  await cure();
  await until(
    'pictures again',
    () =>
      viewers.every(
        ({ parts }, index) => (distinctSeqs(parts).at(-1) ?? 0) > (lastSeq[index] ?? 0) + 10,
      ),
    30_000,
  );
  expect(viewers.map(({ closed }) => closed)).toEqual([false, false]);
  for (const { parts } of viewers) {
    const seqs = distinctSeqs(parts);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  }
  expect((await server.camera('front')).status.state).toBe('live');
  return status;
}

describe('viewers stay, see why, and go on by themselves when the capture', () => {
  it('is killed', async () => {
    await start();
    const brokenAt = performance.now();
    process.kill(await capture(), 'SIGKILL');
    const status = await expectRecovery(brokenAt, STALL + 1_000, async () => {});
    if (status.state === 'retrying') expect(status).toMatchObject({ code: 'FFMPEG_FAILED' });
  });

  it('hangs', async () => {
    await start();
    const pid = await capture();
    const brokenAt = performance.now();
    process.kill(pid, 'SIGSTOP');
    await expectRecovery(brokenAt, STALL + 1_000, async () => {});
    await until('the hanging process to be gone', async () =>
      (await ownChildren()).every((child) => child.pid !== pid),
    );
  });

  it('loses its camera, until that is plugged in again', async () => {
    await start();
    const brokenAt = performance.now();
    await webcam.unplug();
    const status = await expectRecovery(brokenAt, STALL + 1_000, async () => {
      const retrying = await until('a failed attempt', async () => {
        const { status: now } = await server.camera('front');
        return now.state === 'retrying' && now.code === 'DEVICE_NOT_FOUND' ? now : undefined;
      });
      expect(retrying.help).toContain('Plug the camera in');
      await webcam.plugIn();
    });
    expect(['retrying', 'stalled', 'starting']).toContain(status.state);
  });
});
