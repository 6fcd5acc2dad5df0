// @ts-check
import { fps } from '../system/pictures.mjs';
import { startServer, untilServer } from '../system/server.mjs';

/** @type {import('../context.mjs').Contestant} */
export const floor = {
  id: 'floor',
  name: 'floor (bare C loop)',
  what: '`bench/floor.c`: one loop that sends the same bytes to every socket. No camera, no HTTP to speak of.',
  async start(bench, place) {
    const args = [bench.pictures.folder, String(fps)];
    const server = startServer(bench, place, bench.programs.floor, args);
    const port = await untilServer(server, 'the port of the floor', () => {
      const found = /port (\d+)/.exec(server.output());
      return found === null ? undefined : Number(found[1]);
    });
    return { ...server, port, path: '/' };
  },
};
