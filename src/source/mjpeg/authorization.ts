import { createHash, randomBytes } from 'node:crypto';
import type { Login } from './address.ts';

/** One way a server offers to log in. */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly params: ReadonlyMap<string, string>;
}

const hashes = new Map([
  ['md5', 'md5'],
  ['sha-256', 'sha256'],
]);

/** Reads WWW-Authenticate, where several challenges may share one header (RFC 9110 11.6.1). */
export function readChallenges(headers: readonly string[]): Challenge[] {
  const challenges: { scheme: string; params: Map<string, string> }[] = [];
  const token = /([\w-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([\w-]+)/g;
  for (const header of headers) {
    for (const [, name, quoted, plain, scheme] of header.matchAll(token)) {
      if (scheme !== undefined) {
        challenges.push({ scheme: scheme.toLowerCase(), params: new Map() });
      } else if (name !== undefined) {
        const value = quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '';
        challenges.at(-1)?.params.set(name.toLowerCase(), value);
      }
    }
  }
  return challenges;
}

/** The strongest challenge that can be answered: Digest with SHA-256, with MD5, then Basic. */
export function bestChallenge(challenges: readonly Challenge[]): Challenge | undefined {
  const ranks = challenges
    .map((challenge) => ({ challenge, rank: rankOf(challenge) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank);
  return ranks[0]?.challenge;
}

function rankOf({ scheme, params }: Challenge): number {
  if (scheme === 'basic') return 1;
  const qop = params.get('qop');
  const hash = hashes.get(algorithmOf(params).toLowerCase());
  if (scheme !== 'digest' || !hash || !params.has('nonce')) return 0;
  if (qop !== undefined && !offersAuth(qop)) return 0;
  return hash === 'sha256' ? 3 : 2;
}

export function basicAuthorization({ user, password }: Login): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/**
 * Answers a Digest challenge for a GET (RFC 7616 3.4; without `qop`, RFC 2069).
 *
 * @param uri path and query of the request
 * @param count how often this nonce was used, from 1
 */
export function digestAuthorization(
  { user, password }: Login,
  { params }: Challenge,
  uri: string,
  count: number,
  cnonce: string = randomBytes(16).toString('hex'),
): string {
  const algorithm = algorithmOf(params);
  const name = hashes.get(algorithm.toLowerCase()) ?? 'md5';
  const hash = (text: string) => createHash(name).update(text).digest('hex');
  const [realm = '', nonce = ''] = [params.get('realm'), params.get('nonce')];
  const nc = count.toString(16).padStart(8, '0');
  const secret = hash(`${user}:${realm}:${password}`);
  const request = hash(`GET:${uri}`);
  const hasQop = params.has('qop');
  const response = hash(
    hasQop ? `${secret}:${nonce}:${nc}:${cnonce}:auth:${request}` : `${secret}:${nonce}:${request}`,
  );
  const fields = [
    `username=${quote(user)}`,
    `realm=${quote(realm)}`,
    `nonce=${quote(nonce)}`,
    `uri=${quote(uri)}`,
    `response="${response}"`,
  ];
  const opaque = params.get('opaque');
  if (params.has('algorithm')) fields.push(`algorithm=${algorithm}`);
  if (hasQop) fields.push('qop=auth', `nc=${nc}`, `cnonce=${quote(cnonce)}`);
  if (opaque !== undefined) fields.push(`opaque=${quote(opaque)}`);
  return `Digest ${fields.join(', ')}`;
}

function algorithmOf(params: ReadonlyMap<string, string>): string {
  return params.get('algorithm') ?? 'MD5';
}

function offersAuth(qop: string): boolean {
  return qop.split(',').some((word) => word.trim().toLowerCase() === 'auth');
}

/** As UTF-8 bytes in a header, which Node.js writes as latin1. */
function quote(text: string): string {
  return `"${Buffer.from(text.replace(/["\\]/g, '\\$&')).toString('latin1')}"`;
}
