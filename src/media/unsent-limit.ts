import type { Socket } from 'node:net';

/** `netinet/tcp.h` on Linux. */
const IPPROTO_TCP = 6;
const TCP_NOTSENT_LOWAT = 25;

/** Sets how many unsent bytes the kernel takes for a socket. False when it can't be set. */
export type LimitUnsent = (socket: Socket, bytes: number) => boolean;

/**
 * A way to set TCP_NOTSENT_LOWAT, which Node.js has no call for. Without it the kernel takes about
 * 4 MB for a viewer that does not keep up, and shows it the past; with it the newest picture waits
 * here instead. Undefined where the optional package `koffi` is missing, or not on Linux: then
 * everything works, only later on slow links.
 */
export async function loadUnsentLimit(): Promise<LimitUnsent | undefined> {
  if (process.platform !== 'linux') return undefined;
  try {
    const { default: koffi } = await import('koffi');
    const setsockopt = koffi
      .load(null)
      .func('int setsockopt(int fd, int level, int name, const int *value, unsigned int length)');
    return (socket, bytes) => {
      const fd = fileDescriptor(socket);
      return fd >= 0 && setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, [bytes], 4) === 0;
    };
  } catch {
    // Not installed, or not made for this machine: it is optional.
    return undefined;
  }
}

/** Of a plain or TLS socket; -1 when it has none (any more). */
function fileDescriptor(socket: Socket): number {
  const handle: unknown = Reflect.get(socket, '_handle');
  const fd: unknown =
    typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : -1;
  return typeof fd === 'number' ? fd : -1;
}
