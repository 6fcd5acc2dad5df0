// @ts-check
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * @typedef {object} Run  how a measure was taken
 * @property {string} at        ISO time
 * @property {number} repeat
 * @property {boolean} quick
 * @property {Record<string, string>} machine
 */

/** @typedef {import('../context.mjs').Measured & Run} Kept */
/** @typedef {Record<string, Kept>} Results  by the name of the measure */

/**
 * What was measured last, of each measure; nothing when there is no such file.
 *
 * @param {string} folder  of the charts and the JSON
 * @returns {Promise<Results>}
 */
export async function readResults(folder) {
  try {
    return JSON.parse(await readFile(join(folder, 'results.json'), 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}

/**
 * @param {string} folder
 * @param {Results} results
 */
export async function writeResults(folder, results) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'results.json'), compact(results));
}

/** JSON with a line for each figure: small enough to read, and to compare. @param {Results} results */
function compact(results) {
  const text = JSON.stringify(results, undefined, 1);
  return `${text.replaceAll(/\[[^[\]{}]*\]/g, (list) => list.replaceAll(/\s*\n\s*/g, ' '))}\n`;
}
