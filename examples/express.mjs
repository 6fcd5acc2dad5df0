// @ts-check
// Cameras in an Express application, below a path, next to its own routes.
//
//   npm install framehub express
//   node express.mjs           then open http://127.0.0.1:3000/

import { createServer } from 'node:http';
import express from 'express';
import { createFramehub } from 'framehub';

const framehub = await createFramehub({
  cameras: { street: 'demo:', card: 'test:?size=640x360&fps=15' },
});

const app = express();

// Before any body parser, because framehub reads bodies itself: pictures may be pushed for hours.
// To let your own login decide, put it in front here and at "upgrade", and pass `auth: 'none'` above.
app.use('/cameras-live', framehub.handler);

app.use(express.json());
app.get('/', (_request, response) => {
  response.send(`<!doctype html><title>My application</title>
    <script type="module" src="cameras-live/live-camera.js"></script>
    <h1>My application</h1>
    <live-camera camera="street"></live-camera>`);
});
app.post('/notes', (request, response) => {
  response.json({ noted: request.body });
});

// Node.js ends a request after five minutes, and a program that pushes pictures sends one for days.
const server = createServer({ requestTimeout: 0 }, app);
server.on('upgrade', (request, socket, head) => {
  if (request.url?.startsWith('/cameras-live/')) framehub.upgrade(request, socket, head);
  else socket.destroy(); // a WebSocket of your own goes here
});

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`Application: http://127.0.0.1:${port}/`);
  console.log(`Cameras: http://127.0.0.1:${port}/cameras-live/`);
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    server.close();
    await framehub.close(); // ends viewers, cameras and their processes
    server.closeAllConnections(); // browsers keep spare ones open
  });
}
