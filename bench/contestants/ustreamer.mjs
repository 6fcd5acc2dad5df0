// @ts-check

import { freePort } from '../system/free-port.mjs';
import { fps, height, width } from '../system/pictures.mjs';
import { startServer, untilServer } from '../system/server.mjs';

/** @type {import('../context.mjs').Contestant} */
export const ustreamer = {
  id: 'ustreamer',
  name: 'uStreamer',
  what: '`ustreamer -m MJPEG -c HW --tcp-nodelay`: reads the virtual camera itself and passes its pictures on.',
  start: (bench, place) => start(bench, place, []),
};

/** Its way to save when nobody watches: one picture a second.
 * @type {import('../context.mjs').Contestant} */
export const ustreamerSlowdown = {
  id: 'ustreamer-slowdown',
  name: 'uStreamer --slowdown',
  what: '`ustreamer --slowdown`: one picture a second while nobody watches.',
  start: (bench, place) => start(bench, place, ['--slowdown']),
};

/**
 * @param {import('../context.mjs').Bench} bench
 * @param {import('../context.mjs').Place} place
 * @param {readonly string[]} more
 */
async function start(bench, place, more) {
  const port = await freePort();
  const args = [
    ...['-d', '/dev/video0', '-m', 'MJPEG', '-c', 'HW', '-r', `${width}x${height}`],
    ...['-f', String(fps), '-s', place.host, '-p', String(port), '--tcp-nodelay', ...more],
  ];
  const server = startServer(bench, place, 'ustreamer', args, bench.programs.cameraEnv);
  await untilServer(server, 'uStreamer to capture', () => {
    const text = server.output();
    return (text.includes('Listening HTTP') && text.includes('Capturing started')) || undefined;
  });
  return { ...server, port, path: '/stream' };
}
