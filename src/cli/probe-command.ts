import type { Source } from '../source.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { probe } from './probe.ts';
import { passiveText, probeText } from './probe-text.ts';
import type { Terminal } from './terminal.ts';

/** Opens a source once and tells what it gives. Throws the reason when it fails. */
export async function probeCommand(
  source: Source,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  if (source.passive === true) {
    terminal.print(passiveText(source));
    return exitCodes.ok;
  }
  const report = await probe(source, signal);
  if (report === undefined) return exitCodes.unexpected;
  terminal.print(probeText(source, report));
  return exitCodes.ok;
}
