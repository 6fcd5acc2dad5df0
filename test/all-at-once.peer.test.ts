import { connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { addressOf, type RunningCommand, runCommand } from './support/command.ts';
import { until } from './support/until.ts';

const VIEWERS = 1_500;

let command: RunningCommand | undefined;
afterEach(() => {
  command?.child.kill('SIGKILL');
});

it('viewers that all come at once, while the server is busy, wait for it and none is turned away', async () => {
  command = runCommand(['--port', '0', '--log-level', 'silent', 'front=test:?size=160x120&fps=5']);
  const { port } = await addressOf(command);
  // As busy as can be: it accepts nobody, and the kernel has to keep them all.
  command.child.kill('SIGSTOP');
  let connected = 0;
  let answered = 0;
  const sockets = Array.from({ length: VIEWERS }, () => {
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /cameras/front/stream.mjpg HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    socket.once('connect', () => {
      connected += 1;
    });
    socket.once('data', () => {
      answered += 1;
    });
    // Whoever is turned away is not answered, and that is told.
    return socket.on('error', () => {}).resume();
  });
  await until('all to be connected', () => connected === VIEWERS, 30_000);
  command.child.kill('SIGCONT');
  await until('all to be answered', () => answered === VIEWERS, 30_000);
  expect(command.stderr).toBe('');
  for (const socket of sockets) socket.destroy();
});
