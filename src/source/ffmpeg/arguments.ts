import { type FfmpegVersion, isAtLeast } from './ffmpeg.ts';

/** FFmpeg's scale for JPEG: 2 is the best and largest, 31 the worst and smallest. */
export const qualityRange = { min: 2, max: 31, whole: true };
export const fpsRange = { min: 0.01, max: 240 };
export const widthRange = { min: 16, max: 16_384, whole: true };

/** About what webcams themselves make of a picture; FFmpeg's own default is far worse. */
const DEFAULT_QUALITY = 5;

/** The boundary FFmpeg's `mpjpeg` puts between its pictures. */
export const BOUNDARY = 'ffmpeg';

export interface PictureOptions {
  /** Pictures a second at most. Default: as many as come. */
  readonly fps?: number | undefined;
  /** Pixels; the height follows. Default: as it comes. */
  readonly width?: number | undefined;
  /** See `qualityRange`. */
  readonly quality?: number | undefined;
}

/** Before everything else: ask nothing, say only what went wrong. */
export const quiet = ['-nostdin', '-hide_banner', '-loglevel', 'error'] as const;

/**
 * Before the `-i` of something live: show what comes, don't collect it first. FFmpeg would look at
 * 20 pictures to guess a rate that nobody asks for (measured: the first one came 1 s later).
 */
export const live = ['-fflags', 'nobuffer', '-flags', 'low_delay', '-fpsprobesize', '0'] as const;

/** Passes on the JPEG pictures of the input, byte for byte. */
export function copiedPictures(): string[] {
  return [...firstVideo, '-c:v', 'copy', ...toStandardOutput];
}

/** Makes JPEG pictures of the input, one for each that comes. */
export function encodedPictures(options: PictureOptions, version: FfmpegVersion): string[] {
  const { fps, width, quality = DEFAULT_QUALITY } = options;
  const filters = [
    ...(fps === undefined ? [] : [`fps=${fps}`]),
    // -2: the height that keeps the shape, made even.
    ...(width === undefined ? [] : [`scale=${width}:-2`]),
  ];
  return [
    ...firstVideo,
    ...(filters.length === 0 ? [] : ['-vf', filters.join(',')]),
    '-c:v',
    'mjpeg',
    '-q:v',
    String(quality),
    // JPEG is full range; limited range would look grey.
    '-pix_fmt',
    'yuvj420p',
    '-threads',
    '1',
    // Without it FFmpeg repeats pictures to fill a constant rate. Called -vsync before 5.1.
    isAtLeast(version, 5, 1) ? '-fps_mode' : '-vsync',
    'passthrough',
    ...toStandardOutput,
  ];
}

const firstVideo = ['-map', '0:v:0', '-an', '-sn', '-dn'];
const toStandardOutput = ['-flush_packets', '1', '-f', 'mpjpeg', 'pipe:1'];
