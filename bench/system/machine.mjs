// @ts-check
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { arch, cpus, release, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { PYTHON } from '../contestants/flask.mjs';
import { projectDir } from './folders.mjs';

/** What a figure depends on: the machine, and the versions of everything. */

/** @returns {Promise<Record<string, string>>} */
export async function describeMachine() {
  const [cpu] = cpus();
  const system = /PRETTY_NAME="(.*)"/.exec(await readFile('/etc/os-release', 'utf8'));
  const congestion = await readFile('/proc/sys/net/ipv4/tcp_congestion_control', 'utf8');
  const flask = 'from importlib.metadata import version; print(version("flask"))';
  return {
    processor: `${cpus().length} cores of ${cpu?.model.trim() ?? 'unknown'}, ${arch()}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
    system: `${system?.[1] ?? 'Linux'}, kernel ${release()}, TCP ${congestion.trim()}`,
    node: process.version,
    framehub: await line('git', ['describe', '--always', '--dirty'], /.*/),
    ffmpeg: await line('ffmpeg', ['-version'], /version (\S+)/),
    ustreamer: await line('ustreamer', ['--version'], /.*/),
    motion: await line('motion', ['-h'], /Version (\S+?),/),
    flask: await line(PYTHON, ['-c', flask], /.*/),
  };
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {RegExp} wanted
 */
async function line(program, args, wanted) {
  const options = { cwd: projectDir };
  // Some say their version and end with an error.
  const { stdout } = await promisify(execFile)(program, args, options).catch((error) => error);
  const found = wanted.exec(String(stdout ?? ''));
  return (found?.[1] ?? found?.[0] ?? '').trim() || 'not here';
}
