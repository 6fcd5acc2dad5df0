// @ts-check
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fps } from '../system/pictures.mjs';
import { startServer, untilServer } from '../system/server.mjs';

/** @typedef {import('../context.mjs').Contestant} Contestant */

const app = fileURLToPath(new URL('../peers/framehub-app.mjs', import.meta.url));

/** Everything counted: FFmpeg reads the camera, and its CPU time is framehub's.
 * @type {Contestant} */
export const framehubWebcam = {
  id: 'framehub-webcam',
  name: 'framehub, webcam',
  what: '`framehub webcam:0`: FFmpeg reads the virtual camera and passes its pictures on. Everything is counted, FFmpeg too.',
  start: (bench, place) => start(bench, place, 'webcam:0'),
};

/** The delivery alone: its pictures are in memory, as those of the floor and of the Flask design.
 * @type {Contestant} */
export const framehubApp = {
  id: 'framehub-app',
  name: 'framehub, library',
  what: '`bench/peers/framehub-app.mjs`: an application with `createFramehub`, whose camera is the same files, held in memory.',
  async start(bench, place) {
    const library = join(dirname(bench.entry), 'index.js');
    const args = [app, library, bench.pictures.folder, String(fps), place.host];
    const server = startServer(bench, place, process.execPath, args);
    const port = await untilServer(server, 'the port of the application', () => {
      const found = /port (\d+)/.exec(server.output());
      return found === null ? undefined : Number(found[1]);
    });
    return { ...server, port, path: '/cameras/cam/stream.mjpg' };
  },
};

/**
 * The webcam with other settings or another address of the stream.
 *
 * @param {{ id: string, name: string, what: string, env?: Record<string, string>, query?: string }} variant
 * @returns {Contestant}
 */
export function framehubVariant({ id, name, what, env = {}, query = '' }) {
  return {
    id,
    name,
    what,
    start: async (bench, place) => {
      const server = await start(bench, { ...place, env: { ...env, ...place.env } }, 'webcam:0');
      return { ...server, path: `${server.path}${query}` };
    },
  };
}

/**
 * @param {import('../context.mjs').Bench} bench
 * @param {import('../context.mjs').Place} place
 * @param {string} source
 */
async function start(bench, place, source) {
  const args = [
    ...['--host', place.host, '--port', '0', '--auth', 'none', '--log-level', 'silent'],
    ...['--idle-timeout', '0', '--ffmpeg', bench.programs.ffmpeg],
    ...['--data-dir', join(bench.folder, 'data'), `cam=${source}`],
  ];
  const server = startServer(bench, place, process.execPath, [bench.entry, ...args]);
  const port = await untilServer(server, 'the address of framehub', () => {
    const address = /running: http:\/\/\S+?:(\d+)/.exec(server.output());
    return address === null ? undefined : Number(address[1]);
  });
  return { ...server, port, path: '/cameras/cam/stream.mjpg' };
}
