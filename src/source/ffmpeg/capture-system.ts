import { copiedPictures, encodedPictures, live, quiet } from './arguments.ts';
import {
  type DeviceFormat,
  type ListedDevice,
  parseAvfoundationDevices,
  parseDshowDevices,
  parseDshowFormats,
  parseV4l2Devices,
  parseV4l2Formats,
} from './device-lists.ts';
import type { FfmpegVersion } from './ffmpeg.ts';

/** What is asked of a camera; undefined is what the camera itself prefers. */
export interface CaptureOptions {
  readonly size?: string | undefined;
  readonly fps?: number | undefined;
  readonly format?: 'mjpeg' | 'yuyv' | undefined;
}

/** How one operating system's cameras are listed and captured through FFmpeg. */
export interface CaptureSystem {
  /** FFmpeg's name of it. */
  readonly name: string;
  readonly listDevices: readonly string[];
  parseDevices(answer: { stdout: string; stderr: string }): ListedDevice[];
  /** Undefined where FFmpeg can't list them. */
  listFormats(input: string): readonly string[] | undefined;
  parseFormats(answer: { stderr: string }): DeviceFormat[];
  /** What FFmpeg opens for the n-th camera; undefined when only the list tells. */
  inputAt(index: number): string | undefined;
  /** Arguments before the picture options, `-i` included. `mjpeg`: ask for the camera's own JPEG. */
  input(input: string, options: CaptureOptions, mjpeg: boolean): string[];
}

const v4l2: CaptureSystem = {
  name: 'v4l2',
  listDevices: ['-hide_banner', '-sources', 'v4l2'],
  parseDevices: ({ stdout }) => parseV4l2Devices(stdout),
  listFormats: (input) => ['-hide_banner', '-f', 'v4l2', '-list_formats', 'all', '-i', input],
  parseFormats: ({ stderr }) => parseV4l2Formats(stderr),
  inputAt: (index) => `/dev/video${index}`,
  input: (input, { size, fps, format }, mjpeg) => [
    ...['-f', 'v4l2'],
    ...(mjpeg ? ['-input_format', 'mjpeg'] : format ? ['-input_format', 'yuyv422'] : []),
    ...(size ? ['-video_size', size] : []),
    ...(fps ? ['-framerate', String(fps)] : []),
    ...['-i', input],
  ],
};

/** macOS. Not tested on a real one: FFmpeg's AVFoundation input exists only there. */
const avfoundation: CaptureSystem = {
  name: 'avfoundation',
  listDevices: ['-hide_banner', '-f', 'avfoundation', '-list_devices', 'true', '-i', ''],
  parseDevices: ({ stderr }) => parseAvfoundationDevices(stderr),
  listFormats: () => undefined,
  parseFormats: () => [],
  inputAt: (index) => String(index),
  input: (input, { size, fps = 30, format }) => [
    ...['-f', 'avfoundation'],
    ...(format ? ['-pixel_format', 'yuyv422'] : []),
    ...(size ? ['-video_size', size] : []),
    // FFmpeg's default of 29.97 is one that most cameras refuse.
    ...['-framerate', String(fps)],
    ...['-i', `${input}:none`],
  ],
};

/** Windows. Not tested on a real one: FFmpeg's DirectShow input exists only there. */
const dshow: CaptureSystem = {
  name: 'dshow',
  listDevices: ['-hide_banner', '-f', 'dshow', '-list_devices', 'true', '-i', 'dummy'],
  parseDevices: ({ stderr }) => parseDshowDevices(stderr),
  listFormats: (input) => [
    ...['-hide_banner', '-f', 'dshow', '-list_options', 'true', '-i', `video=${input}`],
  ],
  parseFormats: ({ stderr }) => parseDshowFormats(stderr),
  inputAt: () => undefined,
  input: (input, { size, fps, format }, mjpeg) => [
    ...['-f', 'dshow', '-rtbufsize', '64M'],
    ...(mjpeg ? ['-vcodec', 'mjpeg'] : format ? ['-pixel_format', 'yuyv422'] : []),
    ...(size ? ['-video_size', size] : []),
    ...(fps ? ['-framerate', String(fps)] : []),
    ...['-i', `video=${input}`],
  ],
};

/** The capture system of a platform, as `process.platform` names it. */
export function captureSystem(platform: NodeJS.Platform): CaptureSystem {
  if (platform === 'darwin') return avfoundation;
  return platform === 'win32' ? dshow : v4l2;
}

/**
 * All arguments of a capture. The camera's own JPEG is passed on where it offers it and nothing
 * else is asked for; else its pictures are encoded.
 */
export function captureArguments(
  system: CaptureSystem,
  input: string,
  options: CaptureOptions,
  formats: readonly DeviceFormat[],
  version: FfmpegVersion,
): string[] {
  const offered = formats.some(({ format }) => format === 'mjpeg');
  const mjpeg = options.format === 'mjpeg' || (options.format === undefined && offered);
  return [
    ...quiet,
    ...live,
    ...system.input(input, options, mjpeg),
    ...(mjpeg ? copiedPictures() : encodedPictures({}, version)),
  ];
}
