// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

/** Every so many visits one vanishes without a word. */
const VANISHING = 0.2;

/**
 * Watches the camera `cam` over a WebSocket for a while, acknowledging as a browser does.
 *
 * @param {number} port
 * @param {number} seconds
 * @param {AbortSignal} signal
 */
export async function watchBySocket(port, seconds, signal) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`);
  const broken = new Promise((_, reject) => {
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('The server closed a WebSocket of the soak.')));
  });
  const send = (/** @type {unknown} */ message) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  };
  socket.on('message', (data, isBinary) => {
    const bytes = /** @type {Buffer} */ (data);
    if (isBinary) send({ type: 'ack', camera: 'cam', seq: bytes.readDoubleBE(8) });
    else if (JSON.parse(bytes.toString()).type === 'hello') {
      send({ type: 'subscribe', cameras: ['cam'] });
    }
  });
  try {
    await Promise.race([sleep(seconds * 1000, undefined, { signal }), broken]);
  } finally {
    broken.catch(() => {});
    if (Math.random() < VANISHING) socket.terminate();
    else socket.close();
  }
}
