// @ts-check
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fps, height, width } from './pictures.mjs';

const run = promisify(execFile);
const source = (/** @type {string} */ name) =>
  fileURLToPath(new URL(`../${name}`, import.meta.url));
const camera = fileURLToPath(new URL('../../test/support/virtual-camera/vcam.c', import.meta.url));

/**
 * @typedef {object} Programs
 * @property {string} load    bench/load.c
 * @property {string} floor   bench/floor.c
 * @property {string} ffmpeg  FFmpeg on a machine with the virtual camera
 * @property {Readonly<Record<string, string>>} cameraEnv  gives any other program that camera
 */

/**
 * Compiles what is written in C, once for each version of it.
 *
 * @param {string} cache
 * @param {import('./pictures.mjs').Pictures} pictures
 * @returns {Promise<Programs>}
 */
export async function benchPrograms(cache, pictures) {
  const load = await compile(cache, 'load', ['load.c', 'stamp.h'], []);
  const floor = await compile(cache, 'floor', ['floor.c', 'stamp.h'], []);
  const library = await compile(
    cache,
    'vcam.so',
    ['stamped-vcam.c', 'stamp.h', camera],
    ['-shared', '-fPIC', '-ldl', '-lpthread'],
  );
  const cameraEnv = {
    LD_PRELOAD: library,
    VCAM_DIR: pictures.folder,
    VCAM_SIZE: `${width}x${height}`,
    VCAM_FPS: String(fps),
  };
  const ffmpeg = join(cache, 'ffmpeg-with-camera');
  const settings = Object.entries(cameraEnv).map(([name, value]) => `export ${name}='${value}'\n`);
  await writeFile(ffmpeg, `#!/bin/sh\n${settings.join('')}exec ffmpeg "$@"\n`, { mode: 0o755 });
  return { load, floor, ffmpeg, cameraEnv };
}

/**
 * @param {string} cache
 * @param {string} name
 * @param {readonly string[]} files  the first is compiled, the others are part of it
 * @param {readonly string[]} options
 */
async function compile(cache, name, files, options) {
  const paths = files.map((file) => (file.startsWith('/') ? file : source(file)));
  const hash = createHash('sha256').update(process.arch).update(options.join(' '));
  for (const path of paths) hash.update(await readFile(path));
  const folder = join(cache, hash.digest('hex').slice(0, 16));
  const program = join(folder, name);
  if (await exists(program)) return program;
  await mkdir(folder, { recursive: true });
  const draft = `${program}-${process.pid}`;
  await run('cc', ['-O2', '-o', draft, paths[0] ?? '', ...options]);
  await rename(draft, program);
  return program;
}

/** @param {string} path */
function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}
