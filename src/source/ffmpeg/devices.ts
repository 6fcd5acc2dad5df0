import { type CaptureSystem, captureSystem } from './capture-system.ts';
import type { DeviceFormat, ListedDevice } from './device-lists.ts';
import { deviceFailure } from './failure.ts';
import { Ffmpeg } from './ffmpeg.ts';

/** A camera of this machine. */
export interface Device {
  readonly name: string;
  /** How to write it as a source: `webcam:0`. */
  readonly source: string;
  /** Empty where FFmpeg can't tell them (macOS). */
  readonly formats: readonly DeviceFormat[];
}

/**
 * The cameras of this machine, through FFmpeg. Empty when aborted.
 *
 * @param ffmpeg the FFmpeg program: a path, or a name looked up on PATH.
 * @throws FramehubError FFMPEG_MISSING, FFMPEG_FAILED
 */
export async function listDevices(
  ffmpeg: string,
  signal: AbortSignal,
  platform: NodeJS.Platform = process.platform,
): Promise<Device[]> {
  const program = new Ffmpeg(ffmpeg);
  const system = captureSystem(platform);
  const devices: Device[] = [];
  for (const [index, device] of (await findDevices(program, system, signal)).entries()) {
    const answer = await askFormats(program, system, device.input, signal);
    if (signal.aborted) return [];
    // A node of a camera that gives no pictures, only data about them.
    if (platform === 'linux' && answer?.formats.length === 0) continue;
    devices.push({
      name: device.name,
      source: sourceOf(device, index),
      formats: answer?.formats ?? [],
    });
  }
  return devices;
}

/** The cameras FFmpeg finds. */
export async function findDevices(
  ffmpeg: Ffmpeg,
  system: CaptureSystem,
  signal: AbortSignal,
): Promise<ListedDevice[]> {
  return system.parseDevices(await ffmpeg.ask(system.listDevices, signal));
}

/**
 * What one camera offers; undefined where FFmpeg can't list that.
 *
 * @throws FramehubError DEVICE_NOT_FOUND, DEVICE_DENIED, DEVICE_BUSY, FFMPEG_FAILED when it can't
 *   be opened
 */
export async function readFormats(
  ffmpeg: Ffmpeg,
  system: CaptureSystem,
  input: string,
  label: string,
  signal: AbortSignal,
): Promise<readonly DeviceFormat[]> {
  const answer = await askFormats(ffmpeg, system, input, signal);
  if (answer === undefined || answer.formats.length > 0 || signal.aborted) {
    return answer?.formats ?? [];
  }
  throw deviceFailure(answer.stderr, label);
}

async function askFormats(
  ffmpeg: Ffmpeg,
  system: CaptureSystem,
  input: string,
  signal: AbortSignal,
): Promise<{ readonly formats: DeviceFormat[]; readonly stderr: string } | undefined> {
  const args = system.listFormats(input);
  if (args === undefined) return undefined;
  const answer = await ffmpeg.ask(args, signal);
  return { formats: system.parseFormats(answer), stderr: answer.stderr };
}

function sourceOf({ input }: ListedDevice, index: number): string {
  const [, number] = /^\/dev\/video(\d+)$/.exec(input) ?? [];
  if (number !== undefined) return `webcam:${number}`;
  return input.startsWith('/dev/') ? input : `webcam:${index}`;
}
