import { existsSync } from 'node:fs';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import fastifySwagger from '@fastify/swagger';
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { NewCamera } from '../api/camera-schemas.ts';
import type { Camera } from '../camera/camera.ts';
import type { Cameras } from '../camera/cameras.ts';
import type { DetectionsDelivery } from '../delivery/detections/detections-delivery.ts';
import type { EventStreams } from '../delivery/events/event-stream.ts';
import type { MjpegDelivery } from '../delivery/mjpeg/mjpeg-delivery.ts';
import type { WebsocketDelivery } from '../delivery/websocket/websocket-delivery.ts';
import type { Detections } from '../detection/detections.ts';
import type { Events } from '../events/events.ts';
import type { CameraId } from '../frame.ts';
import type { Hub } from '../hub/hub.ts';
import type { Log } from '../log.ts';
import type { Source } from '../source.ts';
import type { Variants } from '../variant/variants.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import type { Access, Role } from './access.ts';
import { addErrorHandling } from './error-handling.ts';
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

export interface HttpOptions {
  readonly hub: Hub;
  readonly cameras: Cameras;
  readonly variants: Variants;
  readonly detections: Detections;
  readonly mjpeg: MjpegDelivery;
  readonly websocket: WebsocketDelivery;
  readonly resultStreams: DetectionsDelivery;
  readonly events: Events;
  readonly eventStreams: EventStreams;
  readonly webhooks: Webhooks;
  readonly access: Access;
  readonly log: Log;
  readonly version: string;
  readonly maxPictureBytes: number;
  /** Adds a camera as someone on the network may. */
  addCamera(camera: NewCamera): Camera;
  /** Opens a source as someone on the network may. @throws SOURCE_FORBIDDEN, SOURCE_INVALID */
  openSource(camera: CameraId, source: string): Source;
}

export type App = FastifyInstance<
  Server,
  IncomingMessage,
  import('node:http').ServerResponse,
  import('fastify').FastifyBaseLogger,
  TypeBoxTypeProvider
>;

declare module 'fastify' {
  interface FastifyRequest {
    /** What whoever sent it may do. */
    role: Role;
  }
  interface FastifyContextConfig {
    /** Served to everyone: it holds nothing of any camera. */
    readonly open?: boolean;
  }
}

export interface Http {
  /** For `http.createServer`, Express, Fastify, …; paths are relative to where it is mounted. */
  readonly handler: RequestListener;
  /** For the server's `upgrade` event. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  close(): Promise<void>;
}

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
