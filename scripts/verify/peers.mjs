import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

// Debian's own Python, for which the python3-* packages are; a newer one on PATH has none of them.
const PYTHON = '/usr/bin/python3';

const works = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
const program = (name, ...args) => ({
  what: name,
  isThere: () => spawnSync(name, args, { stdio: 'ignore' }).error === undefined,
});
const python = (what, code) => ({ what, isThere: () => works(PYTHON, '-c', code) });
const gst = (element) => {
  const code = `import gi; gi.require_version("Gst", "1.0"); from gi.repository import Gst; Gst.init(); raise SystemExit(Gst.ElementFactory.find("${element}") is None)`;
  return python(`GStreamer's ${element}`, code);
};

const rtspServer =
  'import gi; gi.require_version("GstRtspServer", "1.0"); from gi.repository import GstRtspServer';

/**
 * The real programs the tests talk to, by the Debian package that brings them. `sign` is what a
 * test that needs one mentions.
 */
export const peers = [
  { package: 'ffmpeg', ...program('ffmpeg', '-version'), sign: /\bffmpeg\b/i },
  { package: 'ustreamer', ...program('ustreamer', '--version'), sign: /\bustreamer\b/i },
  { package: 'chromium', ...program('chromium', '--version'), sign: /\bchromium\b/i },
  { package: 'nginx', ...program('nginx', '-v'), sign: /\bnginx\b/i },
  { package: 'curl', ...program('curl', '--version'), sign: /\bcurl\b/i },
  { package: 'gcc', ...program('gcc', '--version'), sign: /\bv?cam\.c\b|\bgcc\b|virtual-camera/ },
  { package: 'libc6-dev', what: 'C headers', isThere: () => existsSync('/usr/include/stdio.h') },
  { package: 'procps', ...program('ps', '-V') },
  { package: 'python3', ...program(PYTHON, '--version') },
  { package: 'python3-opencv', ...python('OpenCV', 'import cv2'), sign: /\bopencv\b|\bcv2\b/i },
  { package: 'python3-gi', ...python("GStreamer's Python", 'import gi') },
  {
    package: 'gir1.2-gst-rtsp-server-1.0',
    ...python("GStreamer's RTSP server", rtspServer),
    sign: /\brtsp-?server\b/i,
  },
  { package: 'gstreamer1.0-plugins-base', ...gst('videotestsrc') },
  { package: 'gstreamer1.0-x', ...gst('timeoverlay') },
  { package: 'gstreamer1.0-plugins-good', ...gst('rtph264pay') },
  { package: 'gstreamer1.0-plugins-ugly', ...gst('x264enc') },
];

/** Which peers are not there. Nothing is installed. */
function missingPeers() {
  return peers.filter((peer) => !peer.isThere());
}

/**
 * Sees to it that all peers are there: installs the missing ones where apt-get may be used.
 *
 * @returns {{ ok: boolean, note: string }} `note` says what was installed, or how to get the rest
 */
export function ensurePeers() {
  const missing = missingPeers();
  if (missing.length === 0) return { ok: true, note: 'all there' };
  const packages = missing.map((peer) => peer.package);
  const list = missing.map((peer) => `  ${peer.what} (Debian package ${peer.package})`).join('\n');
  const absent = `The tests need programs that are not here:\n${list}\n`;

  if (!works('apt-get', '--version')) {
    return {
      ok: false,
      note: `${absent}Install them, or run everything in a Debian container:\n  docker run --rm -v "$PWD":/framehub -w /framehub node:20-bookworm .ci/run\n`,
    };
  }
  const root = process.getuid?.() === 0;
  if (!root && !works('sudo', '-n', 'true')) {
    return { ok: false, note: `${absent}Get them with:\n  ${installLine(packages)}\n` };
  }

  const apt = (...args) =>
    spawnSync(
      ...asRoot(root, ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-y', ...args]),
      { encoding: 'utf8' },
    );
  const lock = ['-o', 'DPkg::Lock::Timeout=120'];
  for (const args of [['update'], ['install', '--no-install-recommends', ...lock, ...packages]]) {
    const { status, stdout, stderr, error } = apt(...args);
    if (status !== 0) {
      return { ok: false, note: `${absent}apt-get failed:\n${stdout}${stderr}${error ?? ''}` };
    }
  }
  const stillMissing = missingPeers();
  if (stillMissing.length === 0) return { ok: true, note: `installed ${packages.join(' ')}` };
  const names = stillMissing.map((peer) => `${peer.what} (${peer.package})`).join(', ');
  return { ok: false, note: `Installed, and still not working: ${names}\n` };
}

function installLine(packages) {
  return `sudo apt-get install --no-install-recommends ${packages.join(' ')}`;
}

function asRoot(root, command) {
  const [first, ...rest] = root ? command : ['sudo', '-n', ...command];
  return [first, rest];
}
