import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
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

/** What the routes are made of. */
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

/** The web framework, as the routes see it. */
export type App = FastifyInstance<
  Server,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
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

/** What a server is given. */
export interface Http {
  /** For `http.createServer`, Express, Fastify, …; paths are relative to where it is mounted. */
  readonly handler: RequestListener;
  /** For the server's `upgrade` event. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  close(): Promise<void>;
}
