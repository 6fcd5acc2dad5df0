import { connect, type Socket } from 'node:net';

export interface StreamEvent {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: string;
}

export interface EventClient {
  readonly socket: Socket;
  /** Status line and headers. */
  readonly head: string;
  /** The body so far, out of its chunks. */
  readonly body: string;
  readonly closed: boolean;
  events(): StreamEvent[];
  lines(): string[];
  close(): void;
}

/** A reader of Server-Sent Events or lines on a bare socket, so that a test decides what is read. */
export function readStream(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): EventClient {
  const socket = connect(port, '127.0.0.1');
  const lines = Object.entries({ Host: `127.0.0.1:${port}`, ...headers });
  socket.write(
    `GET ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
  );
  let raw = '';
  let closed = false;
  socket.setEncoding('utf8').on('data', (text: string) => {
    raw += text;
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    closed = true;
  });
  const body = () => unchunk(raw.slice(raw.indexOf('\r\n\r\n') + 4));
  return {
    socket,
    get head() {
      return raw.slice(0, Math.max(0, raw.indexOf('\r\n\r\n')));
    },
    get body() {
      return body();
    },
    get closed() {
      return closed;
    },
    events: () => body().split('\n\n').slice(0, -1).flatMap(parseEvent),
    lines: () =>
      body()
        .split('\n')
        .slice(0, -1)
        .filter((line) => line !== ''),
    close: () => socket.destroy(),
  };
}

/** Chunked transfer coding undone, as far as it has come. */
function unchunk(text: string): string {
  let body = '';
  let rest = text;
  for (;;) {
    const head = /^([0-9a-f]+)\r\n/i.exec(rest);
    if (head === null) return body;
    const length = Number.parseInt(head[1] ?? '', 16);
    const from = head[0].length;
    if (length === 0 || rest.length < from + length) return body + rest.slice(from, from + length);
    body += rest.slice(from, from + length);
    rest = rest.slice(from + length + 2);
  }
}

function parseEvent(block: string): StreamEvent[] {
  const fields = new Map(
    block.split('\n').map((line): [string, string] => {
      const colon = line.indexOf(': ');
      return colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
  const data = fields.get('data');
  return data === undefined ? [] : [{ id: fields.get('id'), event: fields.get('event'), data }];
}
