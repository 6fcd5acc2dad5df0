// @ts-check
import { join } from 'node:path';
import { fps } from '../system/pictures.mjs';
import { startServer, untilServer } from '../system/server.mjs';

/** @typedef {import('../context.mjs').Contestant} Contestant */

/** Everything counted: FFmpeg reads the camera, and its CPU time is framehub's.
 * @type {Contestant} */
export const framehubWebcam = {
  id: 'framehub-webcam',
  name: 'framehub, webcam',
  what: '`framehub webcam:0`: FFmpeg reads the virtual camera and passes its pictures on. Everything is counted, FFmpeg too.',
  start: (bench, place) => start(bench, place, 'webcam:0'),
};

/** The delivery alone, as far as a server can be run without a source.
 * @type {Contestant} */
export const framehubFiles = {
  id: 'framehub-files',
  name: 'framehub, files',
  what: `\`framehub images:folder?fps=${fps}\`: the pictures are read from files, the cheapest of its sources.`,
  start: (bench, place) => start(bench, place, `images:${bench.pictures.folder}?fps=${fps}`),
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
