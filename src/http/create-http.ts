import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import fastifySwagger from '@fastify/swagger';
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { addErrorHandling } from './error-handling.ts';
import type { App, Http, HttpOptions } from './http-options.ts';
import { cameraRoutes } from './routes/cameras.ts';
import { detectionRoutes } from './routes/detections.ts';
import { eventRoutes } from './routes/events.ts';
import { pageRoutes } from './routes/page.ts';
import { pushRoutes } from './routes/push.ts';
import { reportRoutes } from './routes/reports.ts';
import { watchRoutes } from './routes/watch.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { upgradeHandler } from './upgrade.ts';

/** Largest JSON body, bytes. */
const BODY_LIMIT = 64 * 1024;
/** Where the built page is, seen from src/http and dist/http alike. */
const WEB_ROOT = fileURLToPath(new URL('../../dist/web/', import.meta.url));

/** Everything framehub answers over HTTP, as plain handlers without a server of their own. */
export async function createHttp(options: HttpOptions): Promise<Http> {
  const app: App = fastify({ bodyLimit: BODY_LIMIT, routerOptions: { ignoreTrailingSlash: true } })
    .withTypeProvider<TypeBoxTypeProvider>()
    .setValidatorCompiler(TypeBoxValidatorCompiler);
  const { access } = options;

  app.decorateRequest('role', 'viewer');
  app.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    reply.headers(access.corsHeaders(request.raw));
    reply.header('X-Content-Type-Options', 'nosniff');
    // A browser asks first, without credentials, whether a page elsewhere may send its request.
    if (request.method === 'OPTIONS')
      return reply.headers(access.preflightHeaders()).code(204).send();
    if (request.routeOptions.config.open) return;
    request.role = access.check(request.raw);
  });
  addErrorHandling(app, options.log);

  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'framehub',
        version: options.version,
        description: 'Any camera, live for many people, pages and programs.',
      },
    },
  });
  if (existsSync(WEB_ROOT)) {
    await app.register(fastifyStatic, { root: WEB_ROOT, serve: false });
  }
  await app.register(async (scope: App) => {
    cameraRoutes(scope, options);
    pushRoutes(scope, options);
    detectionRoutes(scope, options);
    eventRoutes(scope, options);
    reportRoutes(scope, options);
    webhookRoutes(scope, options);
    watchRoutes(scope, options);
    pageRoutes(scope, options, WEB_ROOT);
  });
  await app.ready();

  return {
    handler: (request, response) => app.routing(request, response),
    upgrade: upgradeHandler(options),
    close: async () => {
      options.mjpeg.close();
      options.resultStreams.close();
      options.eventStreams.close();
      await options.websocket.close();
      await app.close();
    },
  };
}
