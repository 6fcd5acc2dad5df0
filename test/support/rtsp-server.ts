import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./rtsp_server.py', import.meta.url));

export interface RtspServerOptions {
  /** Default 0: any free one. */
  readonly port?: number;
  /** Default `h264`. */
  readonly codec?: 'h264' | 'mjpeg';
  /** Who may watch. Default: everybody. */
  readonly user?: string;
  readonly password?: string;
}

/** GStreamer's RTSP server with a live camera of 320x240 at 15 pictures a second, TCP and UDP. */
export interface RtspServer {
  readonly port: number;
  /** Without user and password. */
  readonly url: string;
  /** Ends it at once; it says goodbye to nobody. */
  kill(): Promise<void>;
  /** It goes on listening and sends nothing. */
  freeze(): void;
  thaw(): void;
}

export async function startRtspServer(options: RtspServerOptions = {}): Promise<RtspServer> {
  const { port = 0, codec = 'h264', user, password } = options;
  const login = user === undefined ? [] : [user, password ?? ''];
  // Debian's Python: only it sees the packaged GStreamer bindings.
  const child = spawn('/usr/bin/python3', [script, String(port), codec, ...login], {
    // It ends when its standard input does: also when this process is killed.
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-4096);
  });
  const lines = createInterface({ input: child.stdout });
  const bound = await Promise.race([
    once(lines, 'line').then(([line]) => Number(line)),
    once(child, 'close').then(() => undefined),
  ]);
  if (bound === undefined) throw new Error(`The RTSP server did not start: ${stderr}`);
  return {
    port: bound,
    url: `rtsp://127.0.0.1:${bound}/cam`,
    kill: () => kill(child),
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
  };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
