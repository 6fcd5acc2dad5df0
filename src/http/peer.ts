import type { IncomingMessage } from 'node:http';

/** True for an address of this machine itself: 127.0.0.0/8, ::1. */
export function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  return /^(::ffff:)?127\./.test(address) || address === '::1' || address === 'localhost';
}

/** Any of them says that a proxy brings somebody else's request. */
const FORWARDING = ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'x-forwarded-proto'];

function isForwarded({ headers }: IncomingMessage): boolean {
  return FORWARDING.some((name) => headers[name] !== undefined);
}

/** True when the viewer's side of the connection is encrypted, here or at a proxy. */
export function isEncrypted(request: IncomingMessage): boolean {
  return 'encrypted' in request.socket || request.headers['x-forwarded-proto'] === 'https';
}

/** True when the request came to and from this machine, and not through a proxy. */
export function isLocal(request: IncomingMessage): boolean {
  const { localAddress, remoteAddress } = request.socket;
  return isLoopback(localAddress) && isLoopback(remoteAddress) && !isForwarded(request);
}

/**
 * Who asks, for people to read. What a proxy on this machine says is believed; what anybody else
 * says is not.
 */
export function addressOf(request: IncomingMessage): string {
  const peer = (request.socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '');
  const forwarded = request.headers['x-forwarded-for'];
  if (!isLoopback(peer) || forwarded === undefined) return peer;
  const nearest = String(forwarded).split(',').at(-1)?.trim() ?? '';
  return /^[0-9A-Fa-f.:]{2,45}$/.test(nearest) ? nearest : peer;
}
