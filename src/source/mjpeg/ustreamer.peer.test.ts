import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf } from '../../../test/support/failure.ts';
import { demoPictures } from '../../../test/support/jpegs.ts';
import { until } from '../../../test/support/until.ts';
import { type VirtualCamera, virtualCamera } from '../../../test/support/virtual-camera.ts';
import { checkJpeg } from '../../media/jpeg.ts';
import { take } from '../../source.contract.ts';
import type { SourceFrame } from '../../source.ts';
import { httpSource } from './http-source.ts';

const context = { camera: 'test', ffmpeg: 'ffmpeg', maxPictureBytes: 1 << 20 };
const pictures = demoPictures().slice(0, 30);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  server.close();
  await once(server, 'close');
  return address.port;
}

/** A picture as one of the camera's files, -1 when it is none of them. */
const placeOf = ({ data }: SourceFrame) => pictures.findIndex((picture) => picture.equals(data));

describe('a real uStreamer with a webcam', () => {
  let webcam: VirtualCamera;
  let ustreamer: ChildProcess;
  let exited: Promise<unknown> | undefined;
  let host = '';
  let said = '';

  beforeAll(async () => {
    const size = { width: 768, height: 576 };
    webcam = await virtualCamera({ program: 'ustreamer', pictures, fps: 20, ...size });
    const port = await freePort();
    host = `127.0.0.1:${port}`;
    const login = ['--user=admin', '--passwd=s3cret'];
    const device = ['--device=/dev/video0', '--format=MJPEG', '--encoder=HW'];
    const resolution = '--resolution=768x576';
    const address = ['--host=127.0.0.1', `--port=${port}`];
    ustreamer = spawn(webcam.ffmpeg, [...device, resolution, ...address, ...login]);
    exited = once(ustreamer, 'exit');
    for (const output of [ustreamer.stdout, ustreamer.stderr]) {
      output?.on('data', (text) => {
        said = `${said}${text}`.slice(-4_000);
      });
    }
    await until('uStreamer shows the webcam', async () => {
      if (ustreamer.exitCode !== null) throw new Error(`uStreamer ended: ${said}`);
      const headers = { Authorization: `Basic ${btoa('admin:s3cret')}` };
      const state = await fetch(`http://${host}/state`, { headers }).catch(() => undefined);
      return state?.ok === true && (await state.text()).includes('"online": true');
    }).catch((error) => {
      throw new Error(`${error.message}\n${said}`);
    });
  });

  afterAll(async () => {
    ustreamer?.kill('SIGKILL');
    await exited;
    await webcam?.close();
  });

  it('its stream comes through byte for byte, in order, with its capture times', async () => {
    const source = httpSource.open(`http://admin:s3cret@${host}/stream`, context);
    const taken = await take(source, 20);
    const places = taken.map(placeOf);
    expect(places).not.toContain(-1);
    // The webcam plays its pictures in turn; some may be left out, none may come again or early.
    const steps = places.slice(1).map((place, index) => {
      return (place - (places[index] ?? 0) + pictures.length) % pictures.length;
    });
    for (const step of steps) expect(step, `${places}`).toBeGreaterThan(0);
    expect(steps.reduce((sum, step) => sum + step)).toBeLessThan(pictures.length);
    for (const { data, capturedAt } of taken) {
      expect(checkJpeg(data)).toEqual({ width: 768, height: 576 });
      expect(Math.abs(Date.now() - (capturedAt ?? 0))).toBeLessThan(10_000);
    }
  });

  it('its snapshots come through byte for byte', async () => {
    const source = httpSource.open(`http://admin:s3cret@${host}/snapshot#fps=10`, context);
    const taken = await take(source, 6);
    expect(taken.map(placeOf)).not.toContain(-1);
    expect(new Set(taken.map(placeOf)).size).toBeGreaterThan(2);
  });

  it('a wrong password is an error that says so', async () => {
    const { error } = await failureOf(
      httpSource.open(`http://admin:wr0ng@${host}/stream`, context),
    );
    expect(error).toMatchObject({ code: 'SOURCE_UNAUTHORIZED' });
    expect(error.message).toContain('"admin"');
    expect(error.message).not.toContain('wr0ng');
  });

  it('when it is killed, the stream ends with the reason', async () => {
    const source = httpSource.open(`http://admin:s3cret@${host}/stream`, context);
    const run = source.frames(new AbortController().signal, 1)[Symbol.asyncIterator]();
    expect((await run.next()).done).toBe(false);
    ustreamer.kill('SIGKILL');
    const ended = (async () => {
      while (!(await run.next()).done);
    })();
    await expect(ended).rejects.toMatchObject({ code: 'SOURCE_ENDED' });
    const { error } = await failureOf(source);
    expect(error.code).toBe('SOURCE_REFUSED');
  });
});
