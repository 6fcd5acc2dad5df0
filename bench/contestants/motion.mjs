// @ts-check
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../system/free-port.mjs';
import { fps, height, width } from '../system/pictures.mjs';
import { startServer, untilServer } from '../system/server.mjs';

/** Chosen so that its pictures are as large as everybody's. */
const QUALITY = 53;

/** @type {import('../context.mjs').Contestant} */
export const motion = {
  id: 'motion',
  name: 'Motion',
  what: `\`motion\` with detection paused and nothing stored. It decodes every picture of the virtual camera and encodes it anew (quality ${QUALITY}, about as large as the others').`,
  async start(bench, place) {
    const port = await freePort();
    const config = join(bench.folder, `motion-${port}.conf`);
    const lines = [
      ...['daemon off', 'setup_mode off', 'log_level 5', `target_dir ${bench.folder}`],
      ...['video_device /dev/video0', 'video_params palette=8'],
      ...[`width ${width}`, `height ${height}`, `framerate ${fps}`],
      ...['pause on', 'picture_output off', 'movie_output off', 'text_left', 'text_right'],
      ...[`stream_port ${port}`, 'stream_localhost on', `stream_maxrate ${fps}`],
      ...[`stream_quality ${QUALITY}`, 'stream_motion off', 'webcontrol_port 0', ''],
    ];
    await writeFile(config, lines.join('\n'));
    const args = ['-n', '-c', config];
    const server = startServer(bench, place, 'motion', args, bench.programs.cameraEnv);
    await untilServer(server, 'Motion to listen', () => answers(port));
    return { ...server, port, path: '/' };
  },
};

/**
 * @param {number} port
 * @returns {Promise<true | undefined>}
 */
function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (/** @type {true | undefined} */ found) => {
      socket.destroy();
      resolve(found);
    };
    socket.once('connect', () => end(true)).once('error', () => end(undefined));
  });
}
