import { Socket } from 'node:net';

/** `netinet/tcp.h` on Linux. */
const IPPROTO_TCP = 6;
const TCP_NOTSENT_LOWAT = 25;
/** `sys/socket.h` on Linux: never wait, and no signal when the other side is gone. */
const MSG_DONTWAIT_NOSIGNAL = 0x40 | 0x4000;

/** What the kernel can do with a socket and Node.js has no call for. */
export interface KernelSocket {
  /** Sets how many unsent bytes the kernel takes for it. False when it can't be set. */
  limitUnsent(bytes: number): boolean;
  /**
   * Gives bytes to the kernel at once, past Node's stream, in which nothing may wait then.
   *
   * @returns how many it took: 0 also when the socket is broken, closed or not plain TCP
   */
  send(bytes: Buffer): number;
}

/** What Node.js keeps in a socket without documenting it: null once it is closed. */
interface HandleHolder {
  readonly _handle?: { readonly fd?: number } | null;
}

/** Undefined for what only looks like a socket. */
export type OpenKernelSocket = (socket: Socket) => KernelSocket | undefined;

/**
 * The way to a socket's kernel side, where the optional package `koffi` makes it, on Linux. Undefined
 * elsewhere: then everything works, only for a little more CPU time and later on slow links (without
 * TCP_NOTSENT_LOWAT the kernel takes about 4 MB for a viewer that does not keep up, and shows it the
 * past).
 */
export async function loadKernelSocket(): Promise<OpenKernelSocket | undefined> {
  if (process.platform !== 'linux') return undefined;
  try {
    const { default: koffi } = await import('koffi');
    const libc = koffi.load(null);
    const setsockopt = libc.func(
      'int setsockopt(int fd, int level, int name, const int *value, unsigned int length)',
    );
    const send = libc.func('intptr_t send(int fd, const void *bytes, size_t length, int flags)');
    return (socket: Socket & HandleHolder) => {
      const handle = socket._handle;
      const fd = handle?.fd ?? -1;
      if (fd < 0) return undefined;
      // TLS has to encrypt what is sent.
      const plain = socket.constructor === Socket;
      // Node lets go of the handle as it closes the descriptor, whose number the next socket gets.
      // (`destroyed` says it too, from three more objects: of 200 viewers none is in the cache.)
      const isOpen = () => socket._handle === handle;
      return {
        limitUnsent: (bytes) =>
          isOpen() && setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, [bytes], 4) === 0,
        send: (bytes) =>
          plain && isOpen()
            ? Math.max(0, Number(send(fd, bytes, bytes.length, MSG_DONTWAIT_NOSIGNAL)))
            : 0,
      };
    };
  } catch {
    // Not installed, or not made for this machine: it is optional.
    return undefined;
  }
}
