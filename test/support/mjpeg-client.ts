import { connect, type Socket } from 'node:net';
import { MultipartParser } from '../../src/media/multipart-parser.ts';

export interface ReceivedPart {
  /** `X-Frame-Id`; undefined for a placeholder. */
  readonly seq: number | undefined;
  /** `X-Placeholder`. */
  readonly placeholder: string | undefined;
  readonly data: Buffer;
  /** Clock of `performance.now()`. */
  readonly at: number;
}

export interface MjpegClient {
  readonly parts: readonly ReceivedPart[];
  readonly socket: Socket;
  /** Header block of the answer. */
  readonly head: string;
  readonly closed: boolean;
  close(): void;
}

export interface MjpegClientOptions {
  readonly userAgent?: string;
  readonly onPart?: (part: ReceivedPart) => void;
}

/** A viewer on a bare socket, so that a test decides what is read and when. */
export function watchMjpeg(
  port: number,
  path: string,
  { userAgent = 'test', onPart }: MjpegClientOptions = {},
): MjpegClient {
  const parts: ReceivedPart[] = [];
  const parser = new MultipartParser({ maxPartBytes: 16 * 1024 * 1024 });
  const socket = connect(port, '127.0.0.1');
  let head = '';
  let inBody = false;
  let closed = false;
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUser-Agent: ${userAgent}\r\n\r\n`,
  );
  socket.on('data', (chunk: Buffer) => {
    let body = chunk;
    if (!inBody) {
      head += chunk.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      inBody = true;
      body = Buffer.from(head.slice(end + 4), 'latin1');
      head = head.slice(0, end);
    }
    for (const { headers, body: data } of parser.push(body)) {
      const seq = headers.get('x-frame-id');
      const part: ReceivedPart = {
        seq: seq === undefined ? undefined : Number(seq),
        placeholder: headers.get('x-placeholder'),
        data,
        at: performance.now(),
      };
      parts.push(part);
      onPart?.(part);
    }
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    closed = true;
  });
  return {
    parts,
    socket,
    get head() {
      return head;
    },
    get closed() {
      return closed;
    },
    close: () => socket.destroy(),
  };
}

/** Frame ids without the repeats of a silent camera. */
export function distinctSeqs(parts: readonly ReceivedPart[]): number[] {
  const seqs: number[] = [];
  for (const { seq } of parts) if (seq !== undefined && seq !== seqs.at(-1)) seqs.push(seq);
  return seqs;
}
