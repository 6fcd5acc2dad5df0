import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';

const source = fileURLToPath(new URL('./virtual-camera/vcam.c', import.meta.url));

/**
 * The path of `vcam.so`, compiled once per version of its source and machine. Several test files
 * may ask at the same time: each compiles its own, and the rename that comes last wins.
 */
async function buildVirtualCamera(): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(source))
    .update(process.arch);
  const folder = join(tmpdir(), `framehub-vcam-${hash.digest('hex').slice(0, 16)}`);
  const library = join(folder, 'vcam.so');
  try {
    await access(library);
    return library;
  } catch {
    await mkdir(folder, { recursive: true });
  }
  const own = join(folder, `vcam-${process.pid}-${performance.now()}.so`);
  const libraries = ['-ldl', '-lpthread'];
  await promisify(execFile)('cc', ['-O2', '-shared', '-fPIC', '-o', own, source, ...libraries]);
  await rename(own, library);
  return library;
}

export interface VirtualCameraOptions {
  /** JPEG pictures of one size, played in turn; none: the camera offers YUYV only. Default: ten. */
  readonly pictures?: readonly Buffer[];
  /** Pixels. Default 320. */
  readonly width?: number;
  /** Pixels. Default 240. */
  readonly height?: number;
  /** Default 30. */
  readonly fps?: number;
  /** The program that shall find the camera. Default `ffmpeg`. */
  readonly program?: string;
}

/** A webcam at /dev/video0 that only the program `ffmpeg` of it can see. */
export interface VirtualCamera {
  /** A program that is FFmpeg on a machine with this camera. */
  readonly ffmpeg: string;
  /** What it shows, in turn. */
  readonly pictures: readonly Buffer[];
  unplug(): Promise<void>;
  plugIn(): Promise<void>;
  /** Another program uses it. */
  setBusy(busy: boolean): Promise<void>;
  /** This user may not use it. */
  setDenied(denied: boolean): Promise<void>;
  close(): Promise<void>;
}

/** Makes a camera; it is plugged in. */
export async function virtualCamera(options: VirtualCameraOptions = {}): Promise<VirtualCamera> {
  const { width = 320, height = 240, fps = 30, program = 'ffmpeg' } = options;
  const pictures = options.pictures ?? (await testPictures(10, width, height));
  const library = await buildVirtualCamera();
  const folder = await mkdtemp(join(tmpdir(), 'framehub-camera-'));
  await mkdir(join(folder, 'pictures'));
  for (const [index, picture] of pictures.entries()) {
    const name = `${String(index).padStart(4, '0')}.jpg`;
    await writeFile(join(folder, 'pictures', name), picture);
  }
  const ffmpeg = join(folder, 'ffmpeg');
  const file = (name: string) => join(folder, name);
  const variables = {
    LD_PRELOAD: library,
    VCAM_DIR: file('pictures'),
    VCAM_SIZE: `${width}x${height}`,
    VCAM_FPS: String(fps),
    VCAM_UNPLUG: file('unplugged'),
    VCAM_BUSY: file('busy'),
    VCAM_DENIED: file('denied'),
  };
  const settings = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'\n`);
  const script = `#!/bin/sh\n${settings.join('')}exec '${program}' "$@"\n`;
  await writeFile(ffmpeg, script, { mode: 0o755 });
  const set = (name: string, on: boolean) =>
    on ? writeFile(file(name), '') : rm(file(name), { force: true });
  return {
    ffmpeg,
    pictures,
    unplug: () => set('unplugged', true),
    plugIn: () => set('unplugged', false),
    setBusy: (busy) => set('busy', busy),
    setDenied: (denied) => set('denied', denied),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Different JPEG pictures of one size. */
export function testPictures(count: number, width: number, height: number): Promise<Buffer[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) => {
      const place = Math.round(((index + 0.5) / count) * width);
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
        <rect width="100%" height="100%" fill="hsl(${(index * 360) / count},60%,40%)"/>
        <circle cx="${place}" cy="${height / 2}" r="${height / 8}" fill="white"/></svg>`;
      return sharp(Buffer.from(svg)).jpeg().toBuffer();
    }),
  );
}
