import { FramehubError } from '../../errors.ts';
import { redactUrl } from '../../media/redact.ts';
import type { Source, SourceContext, SourceFrame, SourceKind } from '../../source.ts';
import { SourceQuery } from '../query.ts';
import {
  encodedPictures,
  fpsRange,
  live,
  type PictureOptions,
  qualityRange,
  quiet,
  widthRange,
} from './arguments.ts';
import { NETWORK_TIMEOUT } from './failure.ts';
import { Ffmpeg, type FfmpegVersion, isAtLeast } from './ffmpeg.ts';
import { ffmpegPictures } from './pictures.ts';

const schemes = /^(rtsps?|rtmps?|srt):\/\//i;
/** Nothing an address holds, and some of it nothing an argument can hold. */
const hasBlanks = /[\s\p{Cc}]/u;
const transports = ['tcp', 'udp', 'http'] as const;

export interface NetworkRequest {
  /** Without the fragment. */
  readonly url: string;
  readonly transport: (typeof transports)[number];
  readonly pictures: PictureOptions;
}

/**
 * `rtsp(s)://`, `rtmp(s)://`, `srt://`, with options after `#` (what stands after `?` is the
 * camera's own): `#transport=udp&fps=5&width=640&quality=4`. RTSP goes over TCP unless told.
 */
export const networkSource: SourceKind = {
  kind: 'network',
  usage: 'rtsp://user:password@host/path#transport=udp&fps=5&width=640&quality=5',
  matches: (text) => schemes.test(text),
  isLocal: () => false,
  open(text, context): Source {
    const request = parseNetwork(text);
    const label = redactUrl(text);
    const ffmpeg = new Ffmpeg(context.ffmpeg);
    const { fps } = request.pictures;
    return {
      kind: 'network',
      label,
      ...(fps === undefined ? {} : { interval: 1000 / fps }),
      frames: (signal) => receive(request, label, ffmpeg, context, signal),
    };
  },
};

/** @throws FramehubError SOURCE_INVALID */
export function parseNetwork(text: string): NetworkRequest {
  const mark = text.indexOf('#');
  const url = mark === -1 ? text : text.slice(0, mark);
  const kind = schemes.exec(text)?.[1]?.toLowerCase() ?? 'rtsp';
  const fragment = mark === -1 ? '' : text.slice(mark + 1);
  // A "@" in what should be options: the "#" was one of the password.
  if (
    hasBlanks.test(text) ||
    !URL.canParse(url) ||
    new URL(url).hostname === '' ||
    fragment.includes('@')
  ) {
    throw new FramehubError(
      'SOURCE_INVALID',
      `Expected ${kind}://user:password@host:port/path, but ${redactUrl(text)} came.`,
      { help: 'Write "#" in a password as %23, "@" as %40, "/" as %2F and "?" as %3F.' },
    );
  }
  const given = new SourceQuery(kind, fragment, [
    ...(kind.startsWith('rtsp') ? ['transport'] : []),
    ...['fps', 'width', 'quality'],
  ]);
  return {
    url,
    transport: given.choice('transport', transports) ?? 'tcp',
    pictures: {
      fps: given.number('fps', fpsRange),
      width: given.number('width', widthRange),
      quality: given.number('quality', qualityRange),
    },
  };
}

/** All arguments of FFmpeg for a network source. */
export function networkArguments(
  { url, transport, pictures }: NetworkRequest,
  version: FfmpegVersion,
): string[] {
  return [
    ...quiet,
    ...live,
    // A second is enough to see what comes; FFmpeg's own five are long to look at nothing.
    ...['-probesize', '1000000', '-analyzeduration', '1000000'],
    ...protocolArguments(url, transport, version),
    ...['-i', url],
    ...encodedPictures(pictures, version),
  ];
}

/**
 * Timeouts, in FFmpeg's microseconds, and the protocols that may be used: none that reads a file
 * of this machine, whatever the far side answers.
 */
function protocolArguments(url: string, transport: string, version: FfmpegVersion): string[] {
  const timeout = String(NETWORK_TIMEOUT * 1000);
  if (/^rtsp/i.test(url)) {
    return [
      ...['-protocol_whitelist', 'rtsp,rtsps,rtp,srtp,udp,tcp,tls,http,httpproxy,crypto'],
      ...['-rtsp_transport', transport, '-allowed_media_types', 'video'],
      // Before 5.0, -timeout meant to wait for a connection from outside.
      ...[isAtLeast(version, 5, 0) ? '-timeout' : '-stimeout', timeout],
    ];
  }
  const whitelist = /^srt/i.test(url) ? 'srt' : 'rtmp,rtmps,tcp,tls,crypto';
  return ['-protocol_whitelist', whitelist, '-rw_timeout', timeout];
}

async function* receive(
  request: NetworkRequest,
  label: string,
  ffmpeg: Ffmpeg,
  { maxPictureBytes }: SourceContext,
  signal: AbortSignal,
): AsyncGenerator<SourceFrame, void> {
  if (signal.aborted) return;
  const version = await ffmpeg.version(signal);
  if (signal.aborted) return;
  const args = networkArguments(request, version);
  const { program } = ffmpeg;
  yield* ffmpegPictures({ program, args, label, device: false, maxPictureBytes }, signal);
}
