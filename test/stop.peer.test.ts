import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  addressOf,
  childrenOf,
  isRunning,
  type RunningCommand,
  runCommand,
} from './support/command.ts';
import { watchMjpeg } from './support/mjpeg-client.ts';
import { until } from './support/until.ts';

let command: RunningCommand | undefined;
afterEach(() => {
  command?.child.kill('SIGKILL');
});

const cameras = [
  'front=test:?size=640x480&fps=30',
  'back=ffmpeg:-f lavfi -i testsrc2=size=640x480:rate=15',
];

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  it(`${signal} ends the command within 3 s with 100 viewers attached, and leaves nothing`, async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'framehub-stop-'));
    command = runCommand(['--port', '0', ...cameras], { cwd });
    const { port } = await addressOf(command);
    const viewers = Array.from({ length: 80 }, (_, index) =>
      watchMjpeg(port, `/cameras/${index % 2 === 0 ? 'front' : 'back'}/stream.mjpg`),
    );
    // Some don't read what they are sent, and some don't answer.
    for (const viewer of viewers.slice(0, 5)) viewer.socket.pause();
    const sockets = Array.from({ length: 20 }, () => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`);
      socket.on('open', () => socket.send('{"type":"subscribe","cameras":["front","back"]}'));
      socket.on('error', () => {});
      return socket;
    });
    await until(
      'pictures for all',
      () => viewers.slice(5).every(({ parts }) => parts.length > 0),
      20_000,
    );
    await until('sockets', () => sockets.every(({ readyState }) => readyState === WebSocket.OPEN));
    sockets[0]?.pause();
    const children = await childrenOf(command.pid);
    expect(children.length).toBeGreaterThan(0);

    const stoppedAt = performance.now();
    command.child.kill(signal);
    const exit = await command.exited;
    expect(performance.now() - stoppedAt).toBeLessThan(3_000);
    expect(exit).toBe(0);
    expect(command.stderr).toBe('');
    await until('every viewer to know', () => viewers.slice(5).every(({ closed }) => closed));
    const alive = await Promise.all(children.map(isRunning));
    expect(alive).toEqual(children.map(() => false));
    for (const viewer of viewers) viewer.close();
    await rm(cwd, { recursive: true });
  });
}
