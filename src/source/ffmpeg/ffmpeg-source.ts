import { FramehubError } from '../../errors.ts';
import { redactSecrets, redactUrl } from '../../media/redact.ts';
import { splitArguments } from '../../media/split-arguments.ts';
import type { Source, SourceContext, SourceFrame, SourceKind } from '../../source.ts';
import { encodedPictures, quiet } from './arguments.ts';
import { NETWORK_TIMEOUT } from './failure.ts';
import { Ffmpeg, type FfmpegVersion } from './ffmpeg.ts';
import { ffmpegPictures } from './pictures.ts';

/**
 * `ffmpeg:` and anything FFmpeg reads: its own input arguments (with an `-i`), or just the address
 * or path of the input.
 */
export const ffmpegSource: SourceKind = {
  kind: 'ffmpeg',
  usage: 'ffmpeg:http://host/video.m3u8, ffmpeg:-f lavfi -i testsrc2=size=640x480:rate=10',
  matches: (text) => /^ffmpeg:/i.test(text),
  isLocal: () => true,
  open(text, context): Source {
    const written = text.replace(/^ffmpeg:/i, '').trim();
    const input = inputArguments(written);
    const label = `ffmpeg:${redactUrl(written)}`;
    const ffmpeg = new Ffmpeg(context.ffmpeg);
    return {
      kind: 'ffmpeg',
      label,
      frames: (signal) => read(input, label, ffmpeg, context, signal),
    };
  },
};

/**
 * The arguments of FFmpeg up to the input.
 *
 * @param text what stands after `ffmpeg:`
 * @throws FramehubError SOURCE_INVALID
 */
export function inputArguments(text: string): string[] {
  const args = splitArguments(text);
  if (args === undefined || text === '') {
    throw new FramehubError(
      'SOURCE_INVALID',
      args === undefined
        ? `Expected arguments for FFmpeg, but a quote is not closed in: ${redactSecrets(text)}`
        : 'Expected an address, or arguments for FFmpeg, after "ffmpeg:", but nothing came.',
    );
  }
  const at = args.indexOf('-i');
  const input = at === -1 ? text : args[at + 1];
  if (input === undefined) {
    throw new FramehubError(
      'SOURCE_INVALID',
      `Expected an input after "-i", but nothing came: ${redactSecrets(text)}`,
    );
  }
  const options = at === -1 ? [] : args.slice(0, at);
  const timeout =
    at === -1 && /^https?:\/\//i.test(text) ? ['-rw_timeout', String(NETWORK_TIMEOUT * 1000)] : [];
  const rest = at === -1 ? [] : args.slice(at + 2);
  return [...pace(options, input), ...options, ...timeout, '-i', input, ...rest];
}

/** Reads in real time what could be read faster: generated pictures, files, recorded streams. */
function pace(options: readonly string[], input: string): string[] {
  if (options.includes('-re') || options.includes('-readrate')) return [];
  const format = options[options.indexOf('-f') + 1];
  if (options.includes('-f')) return format === 'lavfi' ? ['-re'] : [];
  const [, scheme] = /^([a-z][a-z0-9+.-]+):/i.exec(input) ?? [];
  if (scheme === undefined || /^file$/i.test(scheme)) return ['-re'];
  return /^https?$/i.test(scheme) && recorded.test(input) ? ['-re'] : [];
}

const recorded = /\.(?:m3u8|mpd|mp4|m4v|mov|mkv|webm|avi)(?:[?#]|$)/i;

/** All arguments of FFmpeg for its own input arguments. */
export function rawArguments(input: readonly string[], version: FfmpegVersion): string[] {
  return [...quiet, ...input, ...encodedPictures({}, version)];
}

async function* read(
  input: readonly string[],
  label: string,
  ffmpeg: Ffmpeg,
  { maxPictureBytes }: SourceContext,
  signal: AbortSignal,
): AsyncGenerator<SourceFrame, void> {
  if (signal.aborted) return;
  const args = rawArguments(input, await ffmpeg.version(signal));
  if (signal.aborted) return;
  const { program } = ffmpeg;
  yield* ffmpegPictures({ program, args, label, device: false, maxPictureBytes }, signal);
}
