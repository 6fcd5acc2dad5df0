/**
 * Every code framehub answers with, and what to do about it. The sentence is a general one; the
 * place that throws may give a better `help`. `docs/reference/errors.md` lists the same codes.
 */
export const errorHelp = {
  USAGE_INVALID: 'Run "framehub --help" for the options and examples.',
  CONFIG_INVALID: 'Correct the line named above; docs/reference/config.md lists every setting.',
  PORT_IN_USE: 'Choose another port with --port, or stop the program that uses this one.',
  ADDRESS_UNAVAILABLE: 'Give --host an address of this machine, such as 127.0.0.1 or 0.0.0.0.',

  SOURCE_INVALID: 'Run "framehub --help" for the kinds of sources and how each is written.',
  SOURCE_FORBIDDEN:
    'Sources that run commands or read files come from the command line or framehub.yaml only.',
  SOURCE_REFUSED: 'Check that the camera is on and that the port in its address is right.',
  SOURCE_UNREACHABLE:
    'Check the cable or Wi-Fi of the camera and that this machine is in its network.',
  SOURCE_UNKNOWN_HOST: 'Check the spelling of the host name, or use the IP address of the camera.',
  SOURCE_UNAUTHORIZED: 'Put user and password in the address: scheme://user:password@host/path.',
  SOURCE_NOT_FOUND: 'Check the path of the source.',
  SOURCE_HTTP_STATUS: 'Open the address in a browser to see what the camera answers.',
  SOURCE_NOT_PICTURES:
    'Give the address of a JPEG or MJPEG stream; for other video put "ffmpeg:" in front of it.',
  SOURCE_TIMEOUT: 'Check that the camera is not busy with another client, or give it more time.',
  SOURCE_ENDED: 'The camera is asked again by itself; if it keeps ending, look at its own log.',
  SOURCE_FAILED: 'Run "framehub probe" with this source to see it fail alone.',

  DEVICE_NOT_FOUND: 'Plug the camera in; "framehub devices" lists those present.',
  DEVICE_BUSY:
    'Close the other program that uses the camera ("fuser /dev/video0" names it on Linux).',
  DEVICE_DENIED: 'Give this user access to the camera; on Linux: "sudo usermod -aG video $USER".',

  FFMPEG_MISSING:
    'Install FFmpeg (Debian, Raspberry Pi OS: "sudo apt-get install ffmpeg"; macOS: "brew install ffmpeg"; Windows: "winget install ffmpeg"), or set the setting "ffmpeg" to its path.',
  FFMPEG_FAILED:
    'The sentence above is the last thing FFmpeg said; try the same input with "ffmpeg -i".',
  COMMAND_MISSING: 'Install the program, or write its full path.',
  COMMAND_FAILED: 'Run the command by hand in a terminal and see what it says.',

  PICTURE_INVALID: 'Only JPEG pictures are taken; check what the source sends.',
  PICTURE_TRUNCATED:
    'The source sends incomplete pictures: check its link and power, or lower its resolution.',
  PICTURE_TOO_LARGE: 'Lower the resolution or quality of the source, or raise "maxPictureBytes".',

  CAMERA_NOT_FOUND: 'GET /api/cameras lists the cameras there are.',
  CAMERA_EXISTS: 'Choose another id, or change the camera with PATCH.',
  CAMERA_ID_INVALID: 'Use 1 to 64 letters, digits, "-" and "_", beginning with a letter or digit.',
  CAMERA_STALLED: 'The camera is restarted by itself; if this repeats, check its link and power.',
  CAMERA_NOT_PUSH: 'Pictures can only be sent to a camera whose source is "push:".',
  SNAPSHOT_UNAVAILABLE: 'The reason above says what the camera is doing; ask again in a moment.',

  DETECT_INVALID: 'docs/reference/config.md lists what "detect" takes.',
  DETECTOR_FAILED: 'It is started again by itself; run its command by hand to see what it says.',
  DETECTOR_TIMEOUT: 'Give it a smaller picture or less often one ("fps"), or raise its "timeout".',
  DETECTOR_INVALID: 'docs/reference/detections.md describes what a detector answers.',
  DETECTOR_MISSING: 'Install the optional package: "npm install onnxruntime-node".',
  RESULT_UNKNOWN_FRAME:
    'Send results soon, with the "seq" or "capturedAt" of a frame of this camera.',
  EVENT_NOT_FOUND: 'GET /api/events lists the events there are; old ones are removed.',
  STORE_FAILED: 'Check that "dataDir" can be written to and that its disk is not full.',

  REQUEST_INVALID: 'docs/reference/http.md and /openapi.json describe every request.',
  BODY_TOO_LARGE: 'Send less in one request.',
  UNAUTHORIZED:
    'Open the link framehub printed at its start, or send the token as "Authorization: Bearer".',
  FORBIDDEN: 'Use the admin token; a viewer token only watches.',
  HOST_NOT_ALLOWED: 'Add the host name to "allowedHosts", or use the address framehub printed.',
  ORIGIN_NOT_ALLOWED: 'Add the origin of that page to "allowedOrigins" if it may use this server.',
  NOT_FOUND: '/openapi.json lists what there is.',
  TOO_MANY: 'Remove something first, or raise the limit in the settings.',
  MESSAGE_INVALID: 'docs/reference/websocket.md describes every message.',
  INTERNAL: 'This is a fault in framehub: please report it with the log lines around it.',
} as const;

export type ErrorCode = keyof typeof errorHelp;

export interface ErrorDetails {
  /** What to do about it; the general sentence of the code when left out. */
  readonly help?: string;
  readonly cause?: unknown;
}

/** An error a person or program can act on: a code, what happened, what to do. */
export class FramehubError extends Error {
  override readonly name = 'FramehubError';
  readonly code: ErrorCode;
  readonly help: string;

  /** @param message one sentence: what was expected and what came. Never holds a secret. */
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.help = details.help ?? errorHelp[code];
  }
}

/** Anything thrown, as a FramehubError: itself, or wrapped under `code` with its message kept. */
export function toFramehubError(thrown: unknown, code: ErrorCode = 'INTERNAL'): FramehubError {
  if (thrown instanceof FramehubError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new FramehubError(code, message, { cause: thrown });
}
