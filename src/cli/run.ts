import { type ConfigInput, readConfig } from '../config.ts';
import type { Settings } from '../settings.ts';
import type { Source, SourceContext } from '../source.ts';
import { packageVersion } from '../version.ts';
import { devicesCommand, type ListDevices } from './devices-command.ts';
import { errorText } from './error-text.ts';
import { type ExitCode, exitCodeOf, exitCodes } from './exit-codes.ts';
import { probeCommand } from './probe-command.ts';
import { type Served, serveCommand } from './serve-command.ts';
import type { Terminal } from './terminal.ts';

/** What the command drives. */
export interface Parts {
  serve(settings: Settings): Promise<Served>;
  /** Throws SOURCE_INVALID. */
  openSource(text: string, context: SourceContext): Source;
  readonly listDevices: ListDevices;
}

/** Does what the arguments ask for and says how it ended; errors are printed, never thrown. */
export async function run(
  input: Pick<ConfigInput, 'argv' | 'env' | 'cwd'>,
  parts: Parts,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  try {
    return await runCommand(input, parts, terminal, signal);
  } catch (thrown) {
    terminal.complain(errorText(thrown));
    return exitCodeOf(thrown);
  }
}

async function runCommand(
  input: Pick<ConfigInput, 'argv' | 'env' | 'cwd'>,
  parts: Parts,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const checkSource = (text: string): void => void parts.openSource(text, anyContext);
  const asked = await readConfig({ ...input, checkSource });
  switch (asked.command) {
    case 'help':
      terminal.print(asked.text);
      return exitCodes.ok;
    case 'version':
      terminal.print(`${packageVersion()}\n`);
      return exitCodes.ok;
    case 'devices':
      return await devicesCommand(parts.listDevices, asked.settings.ffmpeg, terminal, signal);
    case 'probe': {
      const { ffmpeg, maxPictureBytes } = asked.settings;
      const source = parts.openSource(asked.source, { camera: 'probe', ffmpeg, maxPictureBytes });
      return await probeCommand(source, terminal, signal);
    }
    case 'serve':
      for (const warning of asked.warnings) terminal.complain(`framehub: warning: ${warning}\n`);
      return await serveCommand(parts.serve, asked.settings, terminal, signal);
  }
}

/** Opening starts nothing, so a check needs no true surroundings. */
const anyContext: SourceContext = { camera: 'check', ffmpeg: 'ffmpeg', maxPictureBytes: 2 ** 24 };
