import type { Device } from '../source/ffmpeg/devices.ts';
import { columns } from './columns.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

export type ListDevices = (ffmpeg: string, signal: AbortSignal) => Promise<readonly Device[]>;

/** Prints the webcams of this machine. Throws FFMPEG_MISSING and FFMPEG_FAILED. */
export async function devicesCommand(
  listDevices: ListDevices,
  ffmpeg: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const devices = await listDevices(ffmpeg, signal);
  if (signal.aborted) return exitCodes.unexpected;
  terminal.print(devicesText(devices));
  return exitCodes.ok;
}

/** The devices with how to use them and what they offer. */
export function devicesText(devices: readonly Device[]): string {
  if (devices.length === 0) {
    return 'No webcam was found. Plug one in and ask again; "framehub" alone shows the demo camera.\n';
  }
  const rows = devices.flatMap(({ source, name, formats }) => [
    [source, name],
    ...formats.map(({ format, sizes }) => ['', `${format}: ${sizes.map(sizeText).join(', ')}`]),
  ]);
  return `${columns(rows)}\n\nWatch one with "framehub ${devices[0]?.source}".\n`;
}

function sizeText({ size, fps }: Device['formats'][number]['sizes'][number]): string {
  return fps === undefined ? size : `${size} at ${fps} fps`;
}
