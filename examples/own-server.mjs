// @ts-check
// Cameras on an HTTP server of your own.
//
//   npm install framehub
//   node own-server.mjs        then open http://127.0.0.1:3000/

import { createServer } from 'node:http';
import { createFramehub } from 'framehub';

const framehub = await createFramehub({
  cameras: {
    street: 'demo:', // footage that comes with framehub
    card: 'test:?size=640x360&fps=15',
    // Yours: front: 'rtsp://user:password@10.0.0.5/stream', desk: 'webcam:0', clip: 'clip.mp4'
  },
});

// Node.js ends a request after five minutes, and a program that pushes pictures sends one for days.
const server = createServer({ requestTimeout: 0 }, framehub.handler);
server.on('upgrade', framehub.upgrade);

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`Cameras: http://127.0.0.1:${port}/`);
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    server.close();
    await framehub.close(); // ends viewers, cameras and their processes
    server.closeAllConnections(); // browsers keep spare ones open
  });
}
