/**
 * What FFmpeg says when it is asked for cameras and their formats. The lists of macOS and Windows
 * can't be had on Linux: their shapes are from libavdevice (avfoundation.m, dshow.c) and from
 * published output of FFmpeg 3 to 7, and are not tested against a real one.
 */

/** A camera as the system knows it. */
export interface ListedDevice {
  /** For people. */
  readonly name: string;
  /** What FFmpeg opens: `/dev/video0`, the index on macOS, the name on Windows. */
  readonly input: string;
}

/** A kind of picture a camera offers. */
export interface DeviceFormat {
  /** In FFmpeg's words: `mjpeg`, `yuyv422`, … */
  readonly format: string;
  /** `WIDTHxHEIGHT`, in pixels; a range where the camera scales: `{32-2592, 2}x{32-1944, 2}`. */
  readonly sizes: readonly DeviceSize[];
}

export interface DeviceSize {
  readonly size: string;
  /** The most pictures a second; undefined where FFmpeg doesn't tell. */
  readonly fps?: number;
}

/** The part of FFmpeg that speaks stands before each line: `[dshow @ 0000021a] `, `[in#0 @ …] `. */
function spokenLines(output: string): string[] {
  return output.split(/\r?\n/).map((line) => line.replace(/^\[[^\]]* @ [^\]]*\] ?/, '').trimEnd());
}

/** Linux: `ffmpeg -sources v4l2`, such as `* /dev/video0 [Virtual Camera] (none)`. */
export function parseV4l2Devices(output: string): ListedDevice[] {
  return output.split(/\r?\n/).flatMap((line) => {
    const [, input, name] = /^[* ] (\/dev\/\S+) \[(.*)\](?: \([^)]*\))?\s*$/.exec(line) ?? [];
    return input === undefined || name === undefined ? [] : [{ name, input }];
  });
}

/** Linux: `ffmpeg -f v4l2 -list_formats all -i …`. */
export function parseV4l2Formats(output: string): DeviceFormat[] {
  return spokenLines(output).flatMap((line) => {
    const [, format, sizes] =
      /^(?:Compressed|Raw)\s*:\s*([^\s:]+)\s*:.*:((?: (?:\d+x\d+|\{[^}]*\}x\{[^}]*\}))*)$/.exec(
        line,
      ) ?? [];
    if (format === undefined || sizes === undefined || format === 'Unsupported') return [];
    const each = sizes.match(/\d+x\d+|\{[^}]*\}x\{[^}]*\}/g) ?? [];
    return [{ format, sizes: each.map((size) => ({ size })) }];
  });
}

/** macOS: `ffmpeg -f avfoundation -list_devices true -i ""`; screens are not cameras. */
export function parseAvfoundationDevices(output: string): ListedDevice[] {
  const lines = spokenLines(output);
  const first = lines.findIndex((line) => /^AVFoundation video devices:/.test(line));
  const last = lines.findIndex((line) => /^AVFoundation audio devices:/.test(line));
  if (first === -1) return [];
  return lines.slice(first, last === -1 ? undefined : last).flatMap((line) => {
    const [, input, name] = /^\[(\d+)\] (.+)$/.exec(line) ?? [];
    if (input === undefined || name === undefined || /^Capture screen \d+$/.test(name)) return [];
    return [{ name, input }];
  });
}

/**
 * Windows: `ffmpeg -f dshow -list_devices true -i dummy`. Since FFmpeg 5 each line tells its kind,
 * before that a heading did. FFmpeg itself writes "_" for a ":" in a name, and understands that.
 */
export function parseDshowDevices(output: string): ListedDevice[] {
  let heading = '';
  return spokenLines(output).flatMap((line) => {
    const [, title] = /DirectShow (video|audio) devices/.exec(line) ?? [];
    if (title !== undefined) heading = title;
    const [, name, kind = heading] = /^ ?"(.+)"(?: \((.+)\))?$/.exec(line) ?? [];
    return name === undefined || !kind.includes('video') ? [] : [{ name, input: name }];
  });
}

/** Windows: `ffmpeg -f dshow -list_options true -i video=…`. */
export function parseDshowFormats(output: string): DeviceFormat[] {
  const formats = new Map<string, Map<string, number>>();
  for (const line of spokenLines(output)) {
    const [, format, size, fps] =
      /^ *(?:vcodec|pixel_format)=(\S+) +min s=\d+x\d+ fps=\S+ max s=(\d+x\d+) fps=([\d.]+)/.exec(
        line,
      ) ?? [];
    if (format === undefined || size === undefined) continue;
    const sizes = formats.get(format) ?? new Map<string, number>();
    sizes.set(size, Math.max(sizes.get(size) ?? 0, Math.round(Number(fps) * 100) / 100));
    formats.set(format, sizes);
  }
  return [...formats].map(([format, sizes]) => ({
    format,
    sizes: [...sizes].map(([size, fps]) => ({ size, fps })),
  }));
}
