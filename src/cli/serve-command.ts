import type { Settings } from '../settings.ts';
import { errorText } from './error-text.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { type StartCamera, type StartInfo, startBlock } from './start-block.ts';
import type { Terminal } from './terminal.ts';

/** What the command needs of a server that runs. */
export interface Served extends Pick<StartInfo, 'url' | 'links'> {
  readonly cameras: readonly StartCamera[];
  close(): Promise<void>;
}

/** Runs a server until `signal` is aborted. Throws what its start throws. */
export async function serveCommand(
  serve: (settings: Settings) => Promise<Served>,
  settings: Settings,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const server = await serve(settings);
  if (!signal.aborted) {
    const { url, links, cameras } = server;
    const { color, interactive } = terminal;
    terminal.print(startBlock({ url, links, cameras, color, qr: interactive }));
    await aborted(signal);
  }
  try {
    await server.close();
  } catch (thrown) {
    terminal.complain(errorText(thrown));
    return exitCodes.unexpected;
  }
  return exitCodes.ok;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
