import { homedir } from 'node:os';
import { join } from 'node:path';
import type { CameraId } from './frame.ts';
import type { DetectSettings } from './settings/detect.ts';
import type { WebhookSettings } from './settings/webhook.ts';

/** How one camera is run. Times are ms. */
export interface CameraSettings {
  readonly id: CameraId;
  /** For people. Default: the id. */
  readonly name: string;
  /** The source as written, secrets included. */
  readonly source: string;
  /** What looks at its pictures. Default: nothing. */
  readonly detect?: DetectSettings;
  /** Keep what is seen as events. Default: no. */
  readonly record?: boolean;
  /** How long it runs on after the last reader left; 0 stops at once, false never stops. */
  readonly idleTimeout: number | false;
  /** Silence after which a running source is ended and asked again. */
  readonly stallTimeout: number;
  /** How long a source may take to its first picture. */
  readonly startTimeout: number;
}

/** For the settings: what cameras that say nothing of their own get. */
export type CameraTimes = Pick<CameraSettings, 'idleTimeout' | 'stallTimeout' | 'startTimeout'>;

export const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export const authModes = ['auto', 'token', 'none'] as const;

/** For the events of cameras that are recorded. */
export interface EventSettings {
  /** Older events are removed. */
  readonly eventDays: number;
  /** Beyond so many bytes of pictures and paths, the oldest events are removed. */
  readonly eventBytes: number;
  /** Something is an event when it was seen in so many results. */
  readonly eventMinResults: number;
  /** And was in view for so long, ms. */
  readonly eventMinTime: number;
}

/** Everything a server is told, complete and checked. Times are ms, sizes bytes. */
export interface Settings extends CameraTimes, EventSettings {
  readonly host: string;
  /** Undefined: 5000, or the next free port above it. 0: any free port. */
  readonly port: number | undefined;
  /** `auto`: a token unless bound to loopback. `token`: always. `none`: never (say so on purpose). */
  readonly auth: (typeof authModes)[number];
  /** Undefined: made at the first start that needs it, and kept in `dataDir`. */
  readonly adminToken: string | undefined;
  readonly viewerToken: string | undefined;
  /** Host names, besides loopback ones, that requests to a server without a token may carry. */
  readonly allowedHosts: readonly string[];
  /** Origins of other pages that may use this server (CORS, WebSocket). `*` is any. */
  readonly allowedOrigins: readonly string[];
  /** Where what must outlive a restart is kept. */
  readonly dataDir: string;
  readonly ffmpeg: string;
  readonly logLevel: (typeof logLevels)[number];
  readonly maxPictureBytes: number;
  readonly maxCameras: number;
  /** Viewers of all cameras together; one more takes the place of the stalest. */
  readonly maxViewers: number;
  /** A viewer that takes nothing for this long (and a second per 4 KB waiting) is dead. */
  readonly viewerTimeout: number;
  /**
   * Unsent bytes the kernel may take for a stream (TCP_NOTSENT_LOWAT, Linux): the less, the fresher
   * are pictures on slow links. False: as much as it likes, about 4 MB.
   */
  readonly notSentLowat: number | false;
  readonly webhooks: readonly WebhookSettings[];
  readonly cameras: readonly CameraSettings[];
}

/** What decides who may do what. */
export type AccessSettings = Pick<
  Settings,
  'auth' | 'adminToken' | 'viewerToken' | 'allowedHosts' | 'allowedOrigins'
>;

export const defaultSettings: Settings = {
  host: '127.0.0.1',
  port: undefined,
  auth: 'auto',
  adminToken: undefined,
  viewerToken: undefined,
  allowedHosts: [],
  allowedOrigins: [],
  dataDir: join(homedir(), '.framehub'),
  ffmpeg: 'ffmpeg',
  logLevel: 'warn',
  maxPictureBytes: 16 * 1024 * 1024,
  maxCameras: 64,
  maxViewers: 5_000,
  viewerTimeout: 60_000,
  notSentLowat: 16_384,
  idleTimeout: 10_000,
  stallTimeout: 5_000,
  startTimeout: 20_000,
  eventDays: 14,
  eventBytes: 1024 ** 3,
  eventMinResults: 3,
  eventMinTime: 1_000,
  webhooks: [],
  cameras: [],
};

const idPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

export function isCameraId(text: string): boolean {
  return idPattern.test(text);
}
