import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { type LevelWithSilent, pino } from 'pino';
import pretty from 'pino-pretty';
import { buildFramehub, type CameraState } from './framehub.ts';
import { listen } from './http/listen.ts';
import { isLoopback } from './http/peer.ts';
import { keptTokens } from './http/token-file.ts';
import type { Log } from './log.ts';
import type { Settings } from './settings.ts';

export interface RunningServer {
  /** Where a browser of this machine finds it. */
  readonly url: string;
  /** Links that hold a token; none when none is asked for. */
  readonly links: readonly { readonly role: 'admin' | 'viewer'; readonly url: string }[];
  readonly cameras: readonly CameraState[];
  /** Ends viewers, cameras and the server, in this order. */
  close(): Promise<void>;
}

/**
 * Runs a server with these settings.
 *
 * @throws PORT_IN_USE, ADDRESS_UNAVAILABLE, CONFIG_INVALID, SOURCE_INVALID
 */
export async function serve(given: Settings): Promise<RunningServer> {
  const settings = await withTokens(given);
  const framehub = await buildFramehub(settings, createLog(settings.logLevel));
  try {
    for (const camera of settings.cameras) framehub.addCamera(camera);
    const server = await listen(framehub, settings.host, settings.port);
    return {
      url: address(ownHost(settings.host), server.port),
      links: links(settings, server.port),
      cameras: framehub.cameras(),
      close: async () => {
        await framehub.close();
        await server.close();
      },
    };
  } catch (thrown) {
    await framehub.close();
    throw thrown;
  }
}

/** Settles whether tokens are asked for, and which. */
async function withTokens(settings: Settings): Promise<Settings> {
  const auth = settings.auth === 'auto' && !isLoopback(settings.host) ? 'token' : settings.auth;
  if (auth !== 'token' || settings.adminToken !== undefined) return { ...settings, auth };
  const kept = await keptTokens(settings.dataDir);
  return {
    ...settings,
    auth,
    adminToken: kept.admin,
    viewerToken: settings.viewerToken ?? kept.viewer,
  };
}

function links(settings: Settings, port: number): RunningServer['links'] {
  if (settings.auth !== 'token') return [];
  const base = address(reachableHost(settings.host), port);
  const tokens = [
    ['admin', settings.adminToken],
    ['viewer', settings.viewerToken],
  ] as const;
  return tokens.flatMap(([role, token]) =>
    token === undefined ? [] : [{ role, url: `${base}/?token=${encodeURIComponent(token)}` }],
  );
}

function address(host: string, port: number): string {
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

function isAnyAddress(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

function ownHost(host: string): string {
  return isAnyAddress(host) ? 'localhost' : host;
}

/** An address that a phone in the same network can open. */
function reachableHost(host: string): string {
  if (!isAnyAddress(host)) return host;
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const outside = addresses.find(({ family, internal }) => family === 'IPv4' && !internal);
  return outside?.address ?? 'localhost';
}

function createLog(level: LevelWithSilent): Log {
  const standardError = 2;
  if (!process.stderr.isTTY) return pino({ level }, pino.destination(standardError));
  const stream = pretty({
    destination: standardError,
    ignore: 'pid,hostname',
    singleLine: true,
    sync: true,
  });
  return pino({ level }, stream);
}
