import { fileURLToPath } from 'node:url';
import { FramehubError } from '../../errors.ts';
import type { Source, SourceContext, SourceFrame, SourceKind } from '../../source.ts';
import { encodedPictures, quiet } from './arguments.ts';
import { Ffmpeg, type FfmpegVersion } from './ffmpeg.ts';
import { ffmpegPictures } from './pictures.ts';

/** Endings that are videos to FFmpeg, and hardly anything else. */
const videoEnding =
  /\.(?:mp4|m4v|mov|mkv|webm|avi|mpe?g|m2v|mts|m2ts|ts|flv|wmv|asf|3gp|ogv|mxf|vob|gif|mjpe?g|y4m|h26[45]|264|265|hevc)$/i;

/** `./x`, `../x`, `/x`, `C:\x`, `C:/x`, `\\host\x` */
const path = /^(?:\.{1,2}[\\/]|\/|[a-z]:[\\/]|\\\\)/i;
const scheme = /^[a-z][a-z0-9+.-]+:/i;

/** `clip.mp4`, `./recordings/x`, `file:x`: a video file, played in real time and looped. */
export const fileSource: SourceKind = {
  kind: 'file',
  usage: './clip.mp4',
  matches: (text) =>
    /^file:/i.test(text) ||
    (path.test(text) && !text.startsWith('/dev/')) ||
    (!scheme.test(text) && videoEnding.test(text)),
  isLocal: () => true,
  open(text, context): Source {
    const path = filePath(text);
    const ffmpeg = new Ffmpeg(context.ffmpeg);
    return {
      kind: 'file',
      label: text,
      frames: (signal) => play(path, ffmpeg, context, signal),
    };
  },
};

/** @throws FramehubError SOURCE_INVALID */
export function filePath(text: string): string {
  const path = /^file:\/\//i.test(text) ? pathOfUrl(text) : text.replace(/^file:/i, '');
  if (path !== '' && path !== undefined) return path;
  throw new FramehubError(
    'SOURCE_INVALID',
    `Expected the path of a video file, such as ./clip.mp4, but "${text}" came.`,
  );
}

function pathOfUrl(text: string): string | undefined {
  try {
    return fileURLToPath(text);
  } catch {
    // Not a URL of a file here; the caller says what was expected.
    return undefined;
  }
}

/** All arguments of FFmpeg for a video file. */
export function fileArguments(path: string, version: FfmpegVersion): string[] {
  return [
    ...quiet,
    // One camera's clip is not worth a thread for every core.
    ...['-threads', '2', '-re', '-stream_loop', '-1'],
    // "file:" keeps a path with a colon from being taken for a protocol.
    ...['-i', `file:${path}`],
    ...encodedPictures({}, version),
  ];
}

async function* play(
  path: string,
  ffmpeg: Ffmpeg,
  { maxPictureBytes }: SourceContext,
  signal: AbortSignal,
): AsyncGenerator<SourceFrame, void> {
  if (signal.aborted) return;
  const args = fileArguments(path, await ffmpeg.version(signal));
  if (signal.aborted) return;
  const { program } = ffmpeg;
  yield* ffmpegPictures({ program, args, label: path, device: false, maxPictureBytes }, signal);
}
