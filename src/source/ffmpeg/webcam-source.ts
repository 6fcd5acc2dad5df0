import { FramehubError } from '../../errors.ts';
import { withHuffmanTables } from '../../media/jpeg-tables.ts';
import type { Source, SourceContext, SourceFrame, SourceKind } from '../../source.ts';
import { SourceQuery, splitQuery } from '../query.ts';
import { fpsRange } from './arguments.ts';
import {
  type CaptureOptions,
  type CaptureSystem,
  captureArguments,
  captureSystem,
} from './capture-system.ts';
import { findDevices, readFormats } from './devices.ts';
import { Ffmpeg } from './ffmpeg.ts';
import { ffmpegPictures } from './pictures.ts';

/** A path that may be opened as a camera: in /dev, and not out of it again. */
const devicePath = /^\/dev\/(?:[\w.:+-]+\/)*[\w.:+-]+$/;

/** How a person names a camera. */
export type CameraName =
  | { readonly index: number }
  | { readonly path: string }
  | { readonly name: string };

export interface WebcamRequest {
  readonly camera: CameraName;
  readonly options: CaptureOptions;
}

/**
 * `webcam:0`, `webcam:/dev/video2`, `/dev/video0`, `webcam:Name of the camera`, all with
 * `?size=1280x720&fps=30&format=mjpeg`. Video4Linux on Linux, AVFoundation on macOS, DirectShow on
 * Windows (the last two can't be tested on Linux).
 */
export const webcamSource: SourceKind = {
  kind: 'webcam',
  usage: 'webcam:0?size=1280x720&fps=30&format=mjpeg',
  matches: (text) => /^(?:webcam:|\/dev\/(?:video\d|v4l\/))/i.test(text),
  isLocal: () => false,
  open(text, context): Source {
    const request = parseWebcam(text);
    const ffmpeg = new Ffmpeg(context.ffmpeg);
    const { fps } = request.options;
    return {
      kind: 'webcam',
      label: text,
      ...(fps === undefined ? {} : { interval: 1000 / fps }),
      frames: (signal) => capture(request, text, ffmpeg, context, signal),
    };
  },
};

/** @throws FramehubError SOURCE_INVALID */
export function parseWebcam(text: string): WebcamRequest {
  const { place, query } = splitQuery(text.replace(/^webcam:/i, ''));
  const given = new SourceQuery('webcam', query, ['size', 'fps', 'format']);
  const size = given.text('size');
  if (size !== undefined && !/^[1-9]\d{0,4}x[1-9]\d{0,4}$/.test(size)) {
    throw given.invalid('size', 'WIDTHxHEIGHT such as 1280x720', size);
  }
  return {
    camera: parseCamera(place),
    options: {
      size,
      fps: given.number('fps', fpsRange),
      format: given.choice('format', ['mjpeg', 'yuyv']),
    },
  };
}

function parseCamera(place: string): CameraName {
  if (/^\d{1,3}$/.test(place)) return { index: Number(place) };
  if (devicePath.test(place) && !place.includes('/../') && !place.endsWith('/..')) {
    return { path: place };
  }
  if (place.trim() !== '' && !place.startsWith('/')) return { name: place };
  throw new FramehubError(
    'SOURCE_INVALID',
    `Expected the number, path or name of a camera after "webcam:", such as webcam:0, but "${place}" came.`,
    { help: '"framehub devices" lists the cameras of this machine.' },
  );
}

async function* capture(
  { camera, options }: WebcamRequest,
  label: string,
  ffmpeg: Ffmpeg,
  { maxPictureBytes }: SourceContext,
  signal: AbortSignal,
): AsyncGenerator<SourceFrame, void> {
  if (signal.aborted) return;
  const system = captureSystem(process.platform);
  const version = await ffmpeg.version(signal);
  if (signal.aborted) return;
  const input = await inputOf(camera, label, ffmpeg, system, signal);
  if (signal.aborted) return;
  const formats = await readFormats(ffmpeg, system, input, label, signal);
  if (signal.aborted) return;
  if (options.format === 'mjpeg' && !formats.some(({ format }) => format === 'mjpeg')) {
    const offered = formats.map(({ format }) => format).join(', ') || 'raw pictures';
    throw new FramehubError(
      'SOURCE_INVALID',
      `Expected JPEG pictures of the camera ${label}, but it offers only ${offered}.`,
      { help: 'Leave "format=mjpeg" out.' },
    );
  }
  const args = captureArguments(system, input, options, formats, version);
  const { program } = ffmpeg;
  yield* ffmpegPictures(
    { program, args, label, device: true, maxPictureBytes, mend: withHuffmanTables },
    signal,
  );
}

/** What FFmpeg opens for the camera a person named. */
async function inputOf(
  camera: CameraName,
  label: string,
  ffmpeg: Ffmpeg,
  system: CaptureSystem,
  signal: AbortSignal,
): Promise<string> {
  if ('path' in camera) return camera.path;
  const known = 'index' in camera ? system.inputAt(camera.index) : undefined;
  if (known !== undefined) return known;
  const devices = await findDevices(ffmpeg, system, signal);
  const device =
    'index' in camera
      ? devices[camera.index]
      : devices.find(({ name }) => name.toLowerCase() === camera.name.toLowerCase());
  if (device !== undefined || signal.aborted) return device?.input ?? '';
  const present = devices.map(({ name }) => `"${name}"`).join(', ') || 'none';
  throw new FramehubError(
    'DEVICE_NOT_FOUND',
    `Expected the camera ${label}, but the cameras of this machine are: ${present}.`,
  );
}
