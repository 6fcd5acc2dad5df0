import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.ts';

export interface Nginx {
  /** Where it listens; no slash at its end. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * The real nginx on a free loopback port.
 *
 * @param config what stands within `http { … }`, given that port
 */
export async function startNginx(config: (port: number) => string): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'framehub-nginx-'));
  const port = await freePort();
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  const file = join(folder, 'nginx.conf');
  await writeFile(
    file,
    `daemon off; pid ${folder}/pid; error_log stderr error; worker_processes 1;
events { worker_connections 256; }
http {
  access_log off; ${paths.join(' ')}
  ${config(port)}
}
`,
  );
  const nginx = spawn('nginx', ['-p', folder, '-e', 'stderr', '-c', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  nginx.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  nginx.on('error', (error) => {
    complaint += error.message;
  });
  const url = `http://127.0.0.1:${port}`;
  await until('nginx', async () => {
    if (nginx.exitCode !== null || nginx.pid === undefined) throw new Error(complaint);
    return await fetch(url).then(
      () => true,
      () => false,
    );
  });
  return { url, port, close: () => stop(nginx, folder) };
}

async function stop(nginx: ChildProcess, folder: string): Promise<void> {
  const ended = once(nginx, 'exit');
  nginx.kill('SIGTERM');
  await ended;
  await rm(folder, { recursive: true });
}

/** A port nobody listens on. Another program may take it meanwhile; nginx would say so. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  return address.port;
}
