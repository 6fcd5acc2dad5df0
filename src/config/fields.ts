import { authModes, type CameraTimes, logLevels, type Settings } from '../settings.ts';
import {
  choice,
  duration,
  durationOrNever,
  integer,
  isHostName,
  list,
  size,
  sizeOrFalse,
  text,
  type ValueKind,
} from './values.ts';

const HOUR = 3_600_000;

type Written = Omit<Settings, 'cameras' | 'webhooks'>;

/** Every setting that is one value, as it can be written in a file, a variable or a flag. */
export type Values = { [K in keyof Written]: Exclude<Written[K], undefined> };
export type SettingKey = keyof Values;

/** As a URL and a header carry it without escaping. */
const token: ValueKind<string> = {
  ...text('16 to 256 letters, digits and the signs - . _ ~', (value) =>
    /^[A-Za-z0-9._~-]{16,256}$/.test(value),
  ),
  secret: true,
};

const port: ValueKind<number> = {
  ...integer(0, 65_535),
  // Kubernetes sets FRAMEHUB_PORT=tcp://… in every pod beside a service named "framehub".
  hint: (raw) =>
    typeof raw === 'string' && raw.startsWith('tcp://')
      ? 'Kubernetes sets this for a service named "framehub": put "enableServiceLinks: false" in the pod, or rename the service'
      : undefined,
};

export const timeFields: { readonly [K in keyof CameraTimes]: ValueKind<CameraTimes[K]> } = {
  idleTimeout: durationOrNever(24 * HOUR),
  stallTimeout: duration(200, HOUR),
  startTimeout: duration(200, HOUR),
};

export const fields: { readonly [K in SettingKey]: ValueKind<Values[K]> } = {
  host: text('a host name or address of this machine', isHostName),
  port,
  auth: choice(authModes),
  adminToken: token,
  viewerToken: token,
  allowedHosts: list(
    'host names without scheme and port, such as cam.example.org',
    text('a host name', isHostName),
  ),
  allowedOrigins: list(
    '* or origins in lower case and without a path, such as https://example.org',
    text('* or an origin', isOrigin),
  ),
  dataDir: text('the path of a folder', () => true),
  ffmpeg: text('the name or path of the FFmpeg program', () => true),
  logLevel: choice(logLevels),
  maxPictureBytes: size(64 * 1024, 256 * 1024 * 1024),
  maxCameras: integer(1, 1_000),
  maxViewers: integer(1, 100_000),
  viewerTimeout: duration(1_000, HOUR),
  notSentLowat: sizeOrFalse(1024, 16 * 1024 * 1024),
  ...timeFields,
  eventDays: integer(1, 3_650),
  eventBytes: size(1024 ** 2, 1024 ** 4),
  eventMinResults: integer(1, 1_000),
  eventMinTime: duration(0, HOUR),
};

export const settingKeys = Object.keys(fields).filter((key): key is SettingKey => key in fields);

const oddFlags: Partial<Record<SettingKey, string | undefined>> = {
  allowedHosts: 'allowed-host',
  allowedOrigins: 'allowed-origin',
  // A command line can be read by every user of the machine.
  adminToken: undefined,
  viewerToken: undefined,
};

/** The flag of a setting, without its dashes; undefined when it has none. */
export function flagOf(key: SettingKey): string | undefined {
  return key in oddFlags
    ? oddFlags[key]
    : key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

export function variableOf(key: SettingKey): string {
  return `FRAMEHUB_${key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** Reads one value into `values`; false when it is not one. */
export function readValue<K extends SettingKey>(
  values: Partial<Values>,
  key: K,
  raw: unknown,
): boolean {
  const value = fields[key].read(raw);
  if (value !== undefined) values[key] = value;
  return value !== undefined;
}

function isOrigin(value: string): boolean {
  if (value === '*') return true;
  return URL.canParse(value) && new URL(value).origin === value;
}
