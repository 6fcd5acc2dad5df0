// @ts-check
import { fileURLToPath } from 'node:url';
import { startServer, untilServer } from '../system/server.mjs';

const app = fileURLToPath(new URL('../peers/node-floor.mjs', import.meta.url));

/** @type {import('../context.mjs').Contestant} */
export const nodeFloor = {
  id: 'node-floor',
  name: 'bare Node.js and FFmpeg',
  what: '`bench/peers/node-floor.mjs`: FFmpeg reads the virtual camera, and forty lines of Node.js write its pictures to every socket. About what can’t be saved without leaving Node.js or FFmpeg.',
  async start(bench, place) {
    const args = [app, bench.programs.ffmpeg, place.host];
    const server = startServer(bench, place, process.execPath, args);
    const port = await untilServer(server, 'the port of the bare Node.js program', () => {
      const found = /port (\d+)/.exec(server.output());
      return found === null ? undefined : Number(found[1]);
    });
    return { ...server, port, path: '/' };
  },
};
