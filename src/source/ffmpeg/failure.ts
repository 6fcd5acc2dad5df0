import { type ErrorCode, FramehubError } from '../../errors.ts';
import type { PicturesExit } from '../../media/child-pictures.ts';
import { redactSecrets } from '../../media/redact.ts';

/** How long FFmpeg waits for a silent network source before it gives up, ms. */
export const NETWORK_TIMEOUT = 10_000;

/** A longer line of FFmpeg is cut here: the sentence is for people. */
const LONGEST_LINE = 300;

export interface FfmpegEnd extends PicturesExit {
  /** The source, secrets redacted. */
  readonly label: string;
  /** True when the input is a camera of this machine. */
  readonly device: boolean;
}

interface Reason {
  readonly said: RegExp;
  readonly code: ErrorCode;
  /** What came instead of pictures, after "but". */
  readonly but: string;
  /** True: only said of devices; false: only of the rest. */
  readonly device?: boolean;
  /** Only before the first picture: said later it is a passing trouble of the decoder. */
  readonly early?: boolean;
  readonly help?: string;
}

/**
 * What FFmpeg's own words mean (4.2 to 7.1; the C library's texts for errno values, the sentences
 * of libavformat and of the capture devices in libavdevice).
 */
const reasons: readonly Reason[] = [
  {
    said: /Device or resource busy|already in use by (?:an)?other application/i,
    code: 'DEVICE_BUSY',
    but: 'another program is using the camera',
    device: true,
  },
  {
    said: /No such device|No such file or directory|Video device not found|Invalid device index|Could not find video device|Could not enumerate video devices|Inappropriate ioctl|Not a video capture device/i,
    code: 'DEVICE_NOT_FOUND',
    but: 'no camera is there',
    device: true,
  },
  {
    said: /Permission denied|Operation not permitted|not authorized|Cannot use .* (?:camera|capture)/i,
    code: 'DEVICE_DENIED',
    but: 'this user may not use the camera',
    device: true,
  },
  {
    said: /\b40[13] (?:Unauthorized|Forbidden)|authorization failed|NetConnection\.Connect\.Rejected/i,
    code: 'SOURCE_UNAUTHORIZED',
    but: 'it wants another user or password',
    device: false,
  },
  { said: /Connection refused/i, code: 'SOURCE_REFUSED', but: 'nothing answers at that port' },
  {
    said: /Failed to resolve hostname|Name or service not known|nodename nor servname|No address associated|No such host/i,
    code: 'SOURCE_UNKNOWN_HOST',
    but: 'its host name is not known',
  },
  {
    said: /\b404 (?:\(?Stream )?Not Found|NetStream\.Play\.StreamNotFound/i,
    code: 'SOURCE_NOT_FOUND',
    but: 'the host knows no such stream',
  },
  {
    said: /No such file or directory/i,
    code: 'SOURCE_NOT_FOUND',
    but: 'there is no such file',
    device: false,
  },
  {
    said: /timed out|Error number -138/i,
    code: 'SOURCE_TIMEOUT',
    but: 'it does not answer',
    device: false,
  },
  {
    said: /No route to host|Network is (?:unreachable|down)|Host is (?:unreachable|down)|Connection to srt:\S* failed/i,
    code: 'SOURCE_UNREACHABLE',
    but: 'it can not be reached',
  },
  {
    said: /Connection reset by peer/i,
    code: 'SOURCE_ENDED',
    but: 'it closed the connection',
  },
  {
    said: /Permission denied/i,
    code: 'SOURCE_FAILED',
    but: 'this user may not read it',
    help: 'Give the user that framehub runs as the right to read it.',
  },
  {
    said: /Is a directory/i,
    code: 'SOURCE_NOT_PICTURES',
    but: 'that is a folder',
    help: 'Give a video file, or "images:" and the folder for the JPEG files in it.',
  },
  {
    said: /Invalid data found|matches no streams|does not contain any stream|Could not find codec parameters|Decoder .* not found/i,
    code: 'SOURCE_NOT_PICTURES',
    but: 'what came is no video FFmpeg knows',
    early: true,
    help: 'Check that the address or file is a video, with "ffmpeg -i" for instance.',
  },
];

/** What FFmpeg adds to an end whose reason stands in an earlier line. */
const noise =
  /^(?:Error splitting the argument list|To ignore this, add|Conversion failed|Exiting normally|Last message repeated|ioctl\(VIDIOC_QBUF\): Bad file|Error opening (?:input|output) files?:? |.*Immediate exit requested)/i;

/** The error that says why FFmpeg's pictures ended. */
export function ffmpegFailure(end: FfmpegEnd): FramehubError {
  const lines = meaningfulLines(end.stderr);
  // The last words count: what came before them it had survived.
  for (const line of lines.toReversed()) {
    const reason = reasons.find((reason) => applies(reason, line, end));
    if (reason !== undefined) return failure(reason, line, end);
  }
  return withoutReason(end, lines);
}

function applies(reason: Reason, line: string, end: FfmpegEnd): boolean {
  if (reason.device !== undefined && reason.device !== end.device) return false;
  return !(reason.early === true && end.pictures > 0) && reason.said.test(line);
}

function failure(reason: Reason, line: string, end: FfmpegEnd): FramehubError {
  // Of an RTSP server that accepts and stays silent FFmpeg says "Invalid data" when it gives up.
  if (reason.code === 'SOURCE_NOT_PICTURES' && end.silence >= NETWORK_TIMEOUT) return silent(end);
  const unplugged = reason.code === 'DEVICE_NOT_FOUND' && end.pictures > 0;
  const but = unplugged ? 'the camera was unplugged' : reason.but;
  return new FramehubError(
    reason.code,
    `Expected pictures from ${end.label}, but ${but}. FFmpeg says: ${line}`,
    reason.help === undefined ? {} : { help: reason.help },
  );
}

function withoutReason(end: FfmpegEnd, lines: readonly string[]): FramehubError {
  const line = lines.findLast((line) => !noise.test(line)) ?? lines.at(-1);
  const says = line === undefined ? 'It gave no reason.' : `It says: ${line}`;
  if (end.signal !== null) {
    const memory = end.signal === 'SIGKILL' ? ' Linux does that when memory runs out.' : '';
    return new FramehubError(
      'FFMPEG_FAILED',
      `Expected pictures from ${end.label}, but FFmpeg was ended by the signal ${end.signal}.${memory}`,
      { help: 'It is started again by itself; look at the system log if this repeats.' },
    );
  }
  if (end.code !== 0) {
    return new FramehubError(
      'FFMPEG_FAILED',
      `Expected pictures from ${end.label}, but FFmpeg gave up with exit code ${end.code}. ${says}`,
    );
  }
  if (end.silence >= NETWORK_TIMEOUT && !end.device) return silent(end);
  return new FramehubError(
    'SOURCE_ENDED',
    end.pictures === 0
      ? `Expected pictures from ${end.label}, but it ended without one.`
      : `Expected more pictures from ${end.label}, but it ended after ${end.pictures}.`,
  );
}

function silent({ label, silence }: FfmpegEnd): FramehubError {
  return new FramehubError(
    'SOURCE_TIMEOUT',
    `Expected pictures from ${label}, but it sent nothing for ${Math.round(silence / 1000)} s.`,
  );
}

/** FFmpeg's lines without secrets, without the name and address of the part that speaks. */
function meaningfulLines(stderr: string): string[] {
  return redactSecrets(stderr)
    .split(/[\r\n]+/)
    .map((line) => line.replace(/^(?:\[[^\]]* @ [^\]]*\]\s*)+/, '').trim())
    .filter((line) => line !== '')
    .map((line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line));
}

/** The error that says why a camera could not be asked what it offers. */
export function deviceFailure(stderr: string, label: string): FramehubError {
  const nothing = { code: 1, signal: null, pictures: 0, silence: 0, label, device: true };
  return ffmpegFailure({ ...nothing, stderr });
}
