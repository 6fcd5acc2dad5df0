// @ts-check
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Figures } from '../report/figures.mjs';

const program = fileURLToPath(new URL('../parser-throughput.mjs', import.meta.url));

/** What `parser-throughput.mjs` compares, as bytes per second. */
export const ways = [
  { id: 'parser', name: 'multipart parser' },
  { id: 'copyParts', name: 'copy each picture into new memory' },
  { id: 'copyChunks', name: 'copy each 64 KB chunk into new memory' },
  { id: 'copyHot', name: 'copy each 64 KB chunk into one buffer, always the same' },
];

/**
 * Throughput of the multipart parser beside that of copying the same bytes.
 *
 * @param {import('../context.mjs').Bench} bench
 * @returns {Promise<import('../context.mjs').Measured>}
 */
export async function measureParser(bench) {
  const found = new Figures();
  const parser = join(dirname(bench.entry), 'media/multipart-parser.js');
  for (let round = 0; round < bench.repeat; round += 1) {
    bench.say(`round ${round + 1}`);
    const args = [program, parser, bench.pictures.folder, bench.quick ? '0.4' : '0.8'];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      signal: bench.signal,
    });
    found.add(round, 'parser', 'all', JSON.parse(stdout));
  }
  return { figures: found.figures, remarks: found.remarks };
}
