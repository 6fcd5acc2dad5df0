import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { FramehubError } from '../errors.ts';
import type { AccessSettings } from '../settings.ts';
import { isAllowedHost } from './allowed-host.ts';
import { isEncrypted, isLocal } from './peer.ts';

/** Viewers watch; admins change things too. */
export type Role = 'viewer' | 'admin';

const SESSION_SECONDS = 30 * 24 * 3600;
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Decides who may do what. */
export class Access {
  readonly #settings: AccessSettings;
  /** Browsers share cookies between ports: each server's has a name of its own. */
  readonly #cookie: string;
  /** What each token, and the session cookie made from it, hash to. */
  readonly #keys: readonly {
    readonly role: Role;
    readonly token: Buffer;
    readonly session: string;
  }[];

  constructor(settings: AccessSettings) {
    this.#settings = settings;
    const tokens: [Role, string | undefined][] = [
      ['admin', settings.adminToken],
      ['viewer', settings.viewerToken],
    ];
    this.#keys = tokens.flatMap(([role, token]) =>
      token === undefined ? [] : [{ role, token: sha256(token), session: sessionOf(token) }],
    );
    const names = this.#keys.map(({ session }) => session).join();
    this.#cookie = `framehub-${sha256(names).toString('hex').slice(0, 8)}`;
  }

  /**
   * The rights of whoever sent this request.
   *
   * @throws HOST_NOT_ALLOWED, ORIGIN_NOT_ALLOWED, UNAUTHORIZED
   */
  check(request: IncomingMessage): Role {
    if (!SAFE_METHODS.has(request.method ?? '') || request.headers.upgrade !== undefined) {
      this.#checkOrigin(request);
    }
    const { auth } = this.#settings;
    if (auth === 'none' || (auth === 'auto' && isLocal(request))) {
      this.#checkHost(request);
      return 'admin';
    }
    const role = this.#roleOfToken(tokenOf(request)) ?? this.#roleOfSession(request);
    if (role !== undefined) return role;
    const came = tokenOf(request) === undefined ? 'none came' : 'the one that came is not known';
    throw new FramehubError('UNAUTHORIZED', `A token is needed here; ${came}.`, {
      ...(this.#keys.length > 0
        ? {}
        : {
            help: 'Set "adminToken" (and "auth: token"), or "auth: none" if a proxy decides who may watch.',
          }),
    });
  }

  /**
   * A cookie for the token in this request's address, when there is a good one. Without a `Path` a
   * browser sends it to the folder of that address only: other applications behind the same proxy
   * don't get it, and another framehub there does not replace it.
   */
  sessionCookie(request: IncomingMessage): string | undefined {
    const token = queryToken(request);
    const key = token === undefined ? undefined : this.#keyOf(token);
    if (key === undefined) return undefined;
    const secure = isEncrypted(request) ? '; Secure' : '';
    return `${this.#cookie}=${key.session}; HttpOnly; SameSite=Lax; Max-Age=${SESSION_SECONDS}${secure}`;
  }

  /** CORS headers for the origin of this request, when it is an allowed one. */
  corsHeaders(request: IncomingMessage): Record<string, string> {
    const { origin } = request.headers;
    if (origin === undefined || !this.#isAllowedOrigin(origin)) return {};
    return { 'Access-Control-Allow-Origin': origin, Vary: 'Origin' };
  }

  /** What pages of allowed origins may send. */
  preflightHeaders(): Record<string, string> {
    return {
      'Access-Control-Allow-Methods': 'GET, HEAD, POST, PATCH, DELETE',
      'Access-Control-Allow-Headers': 'Authorization, Content-Type, If-None-Match',
      'Access-Control-Max-Age': '600',
    };
  }

  #keyOf(token: string) {
    const hash = sha256(token);
    return this.#keys.find((key) => timingSafeEqual(key.token, hash));
  }

  #roleOfToken(token: string | undefined): Role | undefined {
    return token === undefined ? undefined : this.#keyOf(token)?.role;
  }

  #roleOfSession(request: IncomingMessage): Role | undefined {
    const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
    const prefix = `${this.#cookie}=`;
    const session = cookies.find((cookie) => cookie.startsWith(prefix))?.slice(prefix.length);
    if (session === undefined) return undefined;
    const hash = sha256(session);
    return this.#keys.find((key) => timingSafeEqual(sha256(key.session), hash))?.role;
  }

  #checkHost(request: IncomingMessage): void {
    const { host } = request.headers;
    if (isAllowedHost(host, this.#settings.allowedHosts)) return;
    throw new FramehubError('HOST_NOT_ALLOWED', `This server does not go by the name "${host}".`);
  }

  /** A page elsewhere must not change things here, nor open a WebSocket. */
  #checkOrigin(request: IncomingMessage): void {
    const { origin, host } = request.headers;
    if (origin === undefined || this.#isAllowedOrigin(origin)) return;
    if (URL.canParse(origin) && new URL(origin).host === host?.toLowerCase()) return;
    throw new FramehubError(
      'ORIGIN_NOT_ALLOWED',
      `The page this request came from (${origin.slice(0, 200)}) is not one of this server (${host}).`,
    );
  }

  #isAllowedOrigin(origin: string): boolean {
    const { allowedOrigins } = this.#settings;
    return allowedOrigins.includes(origin) || allowedOrigins.includes('*');
  }
}

/** @throws FORBIDDEN */
export function requireAdmin(role: Role): void {
  if (role === 'admin') return;
  throw new FramehubError('FORBIDDEN', 'This takes the admin token; a viewer token came.');
}

function tokenOf(request: IncomingMessage): string | undefined {
  const [scheme = '', credentials = ''] = (request.headers.authorization ?? '').split(' ');
  if (/^bearer$/i.test(scheme) && credentials) return credentials;
  if (/^basic$/i.test(scheme)) return basicPassword(credentials);
  return queryToken(request);
}

/** For clients that know a user and a password only: the password is the token, the user is anyone. */
function basicPassword(credentials: string): string {
  const text = Buffer.from(credentials, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 0 ? '' : text.slice(colon + 1);
}

/** An `<img>` can't send headers. */
function queryToken(request: IncomingMessage): string | undefined {
  const query = (request.url ?? '').split('?')[1] ?? '';
  return new URLSearchParams(query).get('token') ?? undefined;
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** A cookie that opens what the token opens, and from which the token can't be told. */
function sessionOf(token: string): string {
  return createHmac('sha256', token).update('framehub session').digest('base64url');
}
