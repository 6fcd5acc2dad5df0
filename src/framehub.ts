import type { IncomingMessage, RequestListener } from 'node:http';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { CameraStatus } from './api/camera-status.ts';
import type { DetectionResult } from './api/detection.ts';
import type { Camera } from './camera/camera.ts';
import { Cameras } from './camera/cameras.ts';
import { DetectionsDelivery } from './delivery/detections/detections-delivery.ts';
import { EventStreams } from './delivery/events/event-stream.ts';
import { MjpegDelivery } from './delivery/mjpeg/mjpeg-delivery.ts';
import { drawPlaceholder } from './delivery/mjpeg/placeholder.ts';
import { takeSnapshot } from './delivery/snapshot/snapshot.ts';
import { WebsocketDelivery } from './delivery/websocket/websocket-delivery.ts';
import { Detections } from './detection/detections.ts';
import type { DetectDefinition } from './detection/open-detector.ts';
import { readResults } from './detection/read-results.ts';
import type { Detector } from './detector.ts';
import { FramehubError } from './errors.ts';
import { Events } from './events/events.ts';
import type { CameraId, Frame } from './frame.ts';
import { Access } from './http/access.ts';
import { createHttp } from './http/create-http.ts';
import { readFrames } from './hub/frames.ts';
import { Hub } from './hub/hub.ts';
import { ViewerLimit } from './hub/viewer-limit.ts';
import type { Log } from './log.ts';
import { loadKernelSocket } from './media/kernel-socket.ts';
import type { AccessSettings, CameraTimes, EventSettings, Settings } from './settings.ts';
import { type FramesFunction, generatorSource } from './source/generator/generator-source.ts';
import { isPushTarget, type Source, type SourceFrame } from './source.ts';
import { openRemoteSource, openSource } from './sources.ts';
import { Variants } from './variant/variants.ts';
import { packageVersion } from './version.ts';
import { Webhooks } from './webhooks/webhooks.ts';

/** A camera as an application adds it. Times are ms. */
export interface CameraDefinition extends Partial<CameraTimes> {
  /** 1 to 64 letters, digits, "-" and "_". */
  readonly id: CameraId;
  /** For people. Default: the id. */
  readonly name?: string;
  /** A source string, or a generator of JPEG pictures. */
  readonly source: string | FramesFunction;
  /** What looks at its pictures while somebody wants results. Default: nothing. */
  readonly detect?: string | Detector | DetectDefinition;
  /** Keep what is seen as events, which keeps the camera and its detector running. Default: no. */
  readonly record?: boolean;
}

/** A camera's state for the application. */
export interface CameraState {
  readonly id: CameraId;
  readonly name: string;
  /** The source with its secrets redacted. */
  readonly source: string;
  readonly status: CameraStatus;
  readonly readers: number;
}

export type FramehubSettings = AccessSettings &
  CameraTimes &
  EventSettings &
  Pick<
    Settings,
    | 'ffmpeg'
    | 'maxPictureBytes'
    | 'maxCameras'
    | 'maxViewers'
    | 'viewerTimeout'
    | 'notSentLowat'
    | 'dataDir'
    | 'webhooks'
  >;

/** Cameras, and the handlers through which they are watched. Made by `createFramehub`. */
export interface Framehub {
  /** For `http.createServer`, Express, Fastify, …; answers everything below where it is mounted. */
  readonly handler: RequestListener;
  /** For the server's `upgrade` event; without it players fall back to MJPEG. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** @throws CAMERA_EXISTS, CAMERA_ID_INVALID, SOURCE_INVALID, DETECT_INVALID, TOO_MANY */
  addCamera(definition: CameraDefinition): void;
  /** Ends its source and its viewers. @throws CAMERA_NOT_FOUND */
  removeCamera(id: CameraId): Promise<void>;
  /** All cameras, in the order they were added. */
  cameras(): readonly CameraState[];
  /**
   * The camera's frames for a `for await` loop, newest first: what passes while the body is busy is
   * skipped. The camera runs while the loop does.
   *
   * @throws CAMERA_NOT_FOUND, also when it is removed meanwhile
   */
  frames(id: CameraId, signal?: AbortSignal): AsyncGenerator<Frame, void, undefined>;
  /**
   * One picture.
   *
   * @param options.maxAge a picture at most this old will do, ms. Default 0: one from after the call
   * @param options.timeout longest wait, ms. Default 10,000
   * @param options.signal gives up early
   * @throws SNAPSHOT_UNAVAILABLE with the camera's own reason
   */
  snapshot(
    id: CameraId,
    options?: { maxAge?: number; timeout?: number; signal?: AbortSignal },
  ): Promise<Frame>;
  /**
   * What is found in the camera's frames, for a `for await` loop, in order. Its detector runs while
   * the loop does.
   *
   * @throws CAMERA_NOT_FOUND, also when it is removed meanwhile
   */
  detections(id: CameraId, signal?: AbortSignal): AsyncGenerator<DetectionResult, void, undefined>;
  /** Brings a picture to a `push:` camera. @throws CAMERA_NOT_PUSH */
  push(id: CameraId, picture: SourceFrame): void;
  /** Ends every viewer, source and process. */
  close(): Promise<void>;
}

/** Builds everything and wires it; `close` takes it down in reverse. */
export async function buildFramehub(settings: FramehubSettings, log: Log): Promise<Framehub> {
  const hub = new Hub();
  const cameras = new Cameras(hub, settings.maxCameras);
  const { ffmpeg, maxPictureBytes, maxViewers, viewerTimeout, notSentLowat } = settings;
  const { idleTimeout, stallTimeout, startTimeout } = settings;
  const times = { idleTimeout, stallTimeout, startTimeout };

  const add = (
    definition: Omit<CameraDefinition, 'source' | 'detect' | 'record'>,
    source: Source,
  ): Camera => cameras.add({ ...times, name: definition.id, ...definition, source, log });
  const context = (camera: CameraId) => ({ camera, ffmpeg, maxPictureBytes });

  const detections = new Detections(hub, log);
  const resultsOf = (camera: CameraId) => detections.results(camera);
  const variants = new Variants(log, detections);
  const limit = new ViewerLimit(maxViewers, log);
  const openKernelSocket = await loadKernelSocket();
  const mjpeg = new MjpegDelivery({
    log,
    variants,
    draw: drawPlaceholder,
    limit,
    viewerTimeout,
    openKernelSocket,
    notSentLowat,
  });
  const resultStreams = new DetectionsDelivery({ limit, viewerTimeout });
  const version = packageVersion();
  const events = new Events({
    folder: join(settings.dataDir, 'events'),
    retention: { maxDays: settings.eventDays, maxBytes: settings.eventBytes },
    limits: { minResults: settings.eventMinResults, minTime: settings.eventMinTime },
    log,
  });
  const webhooks = new Webhooks({ webhooks: settings.webhooks, log, version });
  events.feed.subscribe((notice) => webhooks.event(notice));
  hub.onReaders((channel) => webhooks.readersChanged(channel));
  const onNotice = events.feed.subscribe.bind(events.feed);
  const websocket = new WebsocketDelivery({ hub, variants, log, limit, resultsOf, onNotice });
  const eventStreams = new EventStreams(limit);
  const http = await createHttp({
    hub,
    cameras,
    variants,
    detections,
    mjpeg,
    websocket,
    resultStreams,
    events,
    eventStreams,
    webhooks,
    access: new Access(settings),
    log,
    version,
    maxPictureBytes,
    addCamera: ({ source, ...rest }) => add(rest, openRemoteSource(source, context(rest.id))),
    openSource: (camera, source) => openRemoteSource(source, context(camera)),
  });

  return {
    handler: http.handler,
    upgrade: http.upgrade,
    addCamera: ({ source, detect, record = false, ...rest }) => {
      const opened =
        typeof source === 'string' ? openSource(source, context(rest.id)) : generatorSource(source);
      const detection = detect === undefined ? undefined : detections.open(asDefinition(detect));
      const { channel } = add(rest, opened);
      if (detection !== undefined) detections.add(channel, detection);
      if (record) events.record(channel, detections.results(rest.id));
    },
    removeCamera: (id) => cameras.remove(id),
    cameras: () => cameras.list().map(cameraState),
    frames: (id, signal) =>
      readFrames(hub.channel(id), { kind: 'library', address: 'this process' }, signal),
    snapshot: async (id, { maxAge = 0, timeout = 10_000, signal } = {}) => {
      const identity = { kind: 'library', address: 'this process' };
      const options = { maxAge, timeout, identity, ...(signal === undefined ? {} : { signal }) };
      return await takeSnapshot(hub.channel(id), options);
    },
    detections: (id, signal) => readResults(detections.results(id), hub.channel(id), signal),
    push: (id, picture) => {
      const { source } = cameras.get(id);
      if (!isPushTarget(source)) {
        throw new FramehubError(
          'CAMERA_NOT_PUSH',
          `"${id}" gets its pictures from ${source.label}.`,
        );
      }
      source.push(picture);
    },
    close: async () => {
      await http.close();
      await events.close();
      await detections.close();
      await cameras.close();
      await webhooks.close();
    },
  };
}

function asDefinition(detect: NonNullable<CameraDefinition['detect']>): DetectDefinition {
  return typeof detect === 'object' && 'detector' in detect ? detect : { detector: detect };
}

function cameraState(camera: Camera): CameraState {
  const { channel, source } = camera;
  return {
    id: camera.id,
    name: channel.name,
    source: source.label,
    status: channel.status,
    readers: channel.readers.size,
  };
}
