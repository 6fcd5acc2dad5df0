// @ts-check
// Cameras in a Fastify application, below a path, next to its own routes.
//
//   npm install framehub fastify
//   node fastify.mjs           then open http://127.0.0.1:3000/

import fastify from 'fastify';
import { createFramehub } from 'framehub';

const framehub = await createFramehub({
  cameras: { street: 'demo:', card: 'test:?size=640x360&fps=15' },
});

// Browsers keep spare connections open; without this, closing would wait for them.
const app = fastify({ forceCloseConnections: true });

app.register(
  async (scope) => {
    // In this hook Fastify has not touched the body: pictures may be pushed for hours.
    // To let your own login decide, add its hook before this one, check at "upgrade" too, and pass
    // `auth: 'none'` above.
    scope.addHook('onRequest', async (request, reply) => {
      reply.hijack();
      request.raw.url = request.url.slice(scope.prefix.length);
      framehub.handler(request.raw, reply.raw);
    });
    scope.all('/*', () => {});
  },
  { prefix: '/cameras-live' },
);
// Addresses in framehub's page are relative to the slash.
app.get('/cameras-live', (_request, reply) => reply.redirect('/cameras-live/'));
app.server.on('upgrade', (request, socket, head) => {
  if (request.url?.startsWith('/cameras-live/')) framehub.upgrade(request, socket, head);
  else socket.destroy(); // a WebSocket of your own goes here
});
app.addHook('preClose', () => framehub.close()); // ends viewers, cameras and their processes

app.get('/', (_request, reply) => {
  reply.type('text/html').send(`<!doctype html><title>My application</title>
    <script type="module" src="cameras-live/live-camera.js"></script>
    <h1>My application</h1>
    <live-camera camera="street"></live-camera>`);
});
app.post('/notes', (request) => ({ noted: request.body }));

const address = await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' });
console.log(`Application: ${address}/`);
console.log(`Cameras: ${address}/cameras-live/`);

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => app.close());
