// @ts-check
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PYTHON } from '../contestants/flask.mjs';

const peers = [
  { package: 'gcc', program: 'cc', args: ['--version'] },
  { package: 'ffmpeg', program: 'ffmpeg', args: ['-version'] },
  { package: 'ustreamer', program: 'ustreamer', args: ['--version'] },
  { package: 'motion', program: 'motion', args: ['-h'] },
  { package: 'python3-flask', program: PYTHON, args: ['-c', 'import flask'] },
  { package: 'iproute2', program: 'tc', args: ['-V'] },
];

/**
 * The Debian packages of what is not here. Nothing is installed.
 *
 * @returns {Promise<string[]>}
 */
export async function missingPeers() {
  const missing = await Promise.all(
    peers.map(async ({ package: name, program, args }) => {
      try {
        await promisify(execFile)(program, args);
        return [];
      } catch (error) {
        const ran = program !== PYTHON && error instanceof Error && !('errno' in error);
        return ran ? [] : [name];
      }
    }),
  );
  return missing.flat();
}
