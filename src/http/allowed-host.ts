import { isIP } from 'node:net';

/** The host name of a Host header, without port and brackets, lower-case. */
function hostName(host: string): string {
  return host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
}

/**
 * Whether a request that needs no token may carry this Host header. A page elsewhere can point a
 * name of its own at this machine (DNS rebinding), but it can't own an address, a name without a
 * dot, or a name of the local network.
 *
 * @param allowed names the operator added
 */
export function isAllowedHost(host: string | undefined, allowed: readonly string[]): boolean {
  if (host === undefined) return false;
  const name = hostName(host);
  if (isIP(name) !== 0) return true;
  if (/^[a-z0-9-]+$/.test(name)) return true;
  if (/\.(localhost|local|lan|home\.arpa|internal)$/.test(name)) return true;
  return allowed.some((entry) => hostName(entry) === name);
}
