import { defaultSettings } from '../settings.ts';
import { formatDuration } from './units.ts';

/** What `framehub --help` prints. */
export function helpText(): string {
  const idle =
    defaultSettings.idleTimeout === false ? 'never' : formatDuration(defaultSettings.idleTimeout);
  return `framehub: any camera, live for many people, pages and programs

  framehub                                  the demo camera, on this machine
  framehub webcam:0                         the first webcam
  framehub front=rtsp://user:pass@10.0.0.5/stream garage=http://10.0.0.6/mjpg
  framehub clip.mp4 --host 0.0.0.0          a file, for every device in the network
  framehub webcam:0 --detect objects        and what it sees, as boxes and as data
  framehub probe rtsp://10.0.0.5/stream     opens it once: size, speed, or why it fails
  framehub devices                          the webcams of this machine

Usage
  framehub [options] [[id=]source …]
  framehub probe <source or camera id>
  framehub devices

Sources
  demo:                       footage that comes with framehub
  test:?size=1280x720&fps=30  a test picture with a clock and a counter
  webcam:0, /dev/video0       a camera plugged into this machine
  rtsp://user:pass@host/path  a network camera; also rtsps, rtmp and srt
  http://host/path            MJPEG, or a JPEG asked for again and again; also https
  clip.mp4                    a video file, looped
  images:./folder?fps=1       the JPEG files of a folder, looped
  exec:rpicam-vid …           a command that writes JPEG pictures to its output
  ffmpeg:…                    anything else that FFmpeg reads
  push:                       pictures are sent to framehub over HTTP

Options
  --host <address>            default ${defaultSettings.host}; 0.0.0.0 is every network, and asks for a token
  --port <number>             default 5000, or the next free one
  --config <file>             default ./framehub.yaml, if there is one
  --detect <detector>         for the cameras given here: motion, objects, auto, exec:…, http://…
  --idle-timeout <time>       how long a camera runs on unwatched: 0, 30s, 2m, false (default ${idle})
  --auth <mode>               auto, token or none (default ${defaultSettings.auth}: a token unless on ${defaultSettings.host})
  --allowed-host <name>       a name this server is also known by; may be repeated
  --data-dir <folder>         what is kept between starts (default ~/.framehub)
  --ffmpeg <program>          name or path of FFmpeg
  --log-level <level>         silent, error, warn, info or debug (default ${defaultSettings.logLevel})
  -h, --help                  this text
  -v, --version               the version

All settings, also as framehub.yaml and FRAMEHUB_* variables: docs/reference/config.md
`;
}
