// @ts-check
// The least a Node.js program can do to show a webcam: FFmpeg's pictures, each written once to every
// socket. No API, no state, no slow viewers, no second camera.
//
//     node node-floor.mjs FFMPEG HOST
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

const [ffmpeg = 'ffmpeg', host = '127.0.0.1'] = process.argv.slice(2);
const HEAD = '\r\n--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ';

/** @type {Set<import('node:net').Socket>} */
const viewers = new Set();
const server = createServer((_, response) => {
  const { socket } = response;
  if (socket === null) return;
  response.useChunkedEncodingByDefault = false;
  response.writeHead(200, {
    'Content-Type': 'multipart/x-mixed-replace; boundary=frame',
    Connection: 'close',
  });
  response.flushHeaders();
  socket.setNoDelay(true);
  viewers.add(socket);
  response.on('close', () => viewers.delete(socket));
});
server.listen(0, host, () => {
  const address = server.address();
  console.log(`port ${typeof address === 'object' ? address?.port : address}`);
});

const input = ['-f', 'v4l2', '-input_format', 'mjpeg', '-i', '/dev/video0'];
const args = ['-loglevel', 'error', ...input, '-c', 'copy', '-flush_packets', '1', '-f', 'mjpeg'];
const camera = spawn(ffmpeg, [...args, 'pipe:1'], { stdio: ['ignore', 'pipe', 'inherit'] });
/** @type {Buffer[]} */
let pieces = [];
camera.stdout.on('data', (/** @type {Buffer} */ piece) => {
  pieces.push(piece);
  // A picture ends where a read does, often enough for a measurement.
  if (piece.at(-1) !== 0xd9 || piece.at(-2) !== 0xff) return;
  const length = pieces.reduce((sum, one) => sum + one.length, 0);
  const part = Buffer.concat([Buffer.from(`${HEAD}${length}\r\n\r\n`), ...pieces]);
  pieces = [];
  for (const viewer of viewers) viewer.write(part);
});
process.once('SIGTERM', () => {
  camera.kill();
  server.close();
  server.closeAllConnections();
});
