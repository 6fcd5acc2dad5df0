// @ts-check
import { readdir, readFile } from 'node:fs/promises';

/**
 * A process and all that descend from it, parents first; none when it is gone.
 *
 * @param {number} pid
 * @returns {Promise<number[]>}
 */
export async function processTree(pid) {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => undefined);
  if (tasks === undefined) return [];
  const below = [];
  for (const task of tasks) {
    const text = await readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '');
    for (const child of text.split(' ').filter(Boolean)) {
      below.push(...(await processTree(Number(child))));
    }
  }
  return [pid, ...below];
}

/**
 * @param {readonly number[]} pids
 * @param {NodeJS.Signals} signal
 */
export function signalAll(pids, signal) {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      // It ended by itself in the meantime.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

/**
 * Memory of a process and its descendants, bytes.
 *
 * @param {number} pid
 */
export async function residentBytes(pid) {
  let pages = 0;
  for (const one of await processTree(pid)) {
    const text = await readFile(`/proc/${one}/statm`, 'utf8').catch(() => '0 0');
    pages += Number(text.split(' ')[1]);
  }
  return pages * 4096;
}
