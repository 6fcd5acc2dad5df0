// @ts-check
import { fileURLToPath } from 'node:url';
import { fps } from '../system/pictures.mjs';
import { startServer, untilServer } from '../system/server.mjs';

const app = fileURLToPath(new URL('../peers/flask_app.py', import.meta.url));
/** Debian's own, for which python3-flask is. */
export const PYTHON = '/usr/bin/python3';

/** @type {import('../context.mjs').Contestant} */
export const flask = {
  id: 'flask',
  name: 'Flask design',
  what: 'A generator for each viewer, a background thread that takes pictures, an event for each viewer: `bench/peers/flask_app.py` on Flask’s threaded server. Its camera is the same files, held in memory.',
  async start(bench, place) {
    const args = ['-u', app, bench.pictures.folder, String(fps), place.host];
    const server = startServer(bench, place, PYTHON, args);
    const port = await untilServer(server, 'the port of the Flask app', () => {
      const found = /Running on http:\/\/\S+?:(\d+)/.exec(server.output());
      return found === null ? undefined : Number(found[1]);
    });
    return { ...server, port, path: '/video_feed' };
  },
};
