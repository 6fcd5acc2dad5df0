// @ts-check
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { processTree, signalAll } from './processes.mjs';

/**
 * @typedef {object} Server  a contestant that runs
 * @property {number} pid
 * @property {() => string} output  what it printed so far
 * @property {() => Promise<void>} pause   stops it and its children where they are: it uses no CPU
 * @property {() => Promise<void>} resume
 * @property {() => Promise<void>} stop    ends it and its children, and waits for that
 */

/**
 * @param {import('../context.mjs').Bench} bench
 * @param {import('../context.mjs').Place} place
 * @param {string} program
 * @param {readonly string[]} args
 * @param {Readonly<Record<string, string>>} [env]
 * @returns {Server}
 */
export function startServer(bench, place, program, args, env = {}) {
  // The command inherits nothing that was set for another framehub.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('FRAMEHUB_'));
  const inside = place.netns === undefined ? [] : ['ip', 'netns', 'exec', place.netns];
  const [command = program, ...rest] = [...inside, program, ...args];
  const child = spawn(command, rest, {
    cwd: bench.folder,
    // A Ctrl-C is the bench's, which ends its servers in order.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...Object.fromEntries(inherited), ...env, ...place.env },
  });
  let output = '';
  const keep = (/** @type {string} */ text) => {
    output = (output + text).slice(-16_384);
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  child.on('error', (error) => keep(`${error.message}\n`));
  const closed = new Promise((resolve) => child.once('close', resolve));
  const pid = child.pid ?? 0;

  const stop = bench.cleanup.add(async () => {
    if (pid === 0) return;
    const pids = await processTree(pid);
    signalAll(pids, 'SIGCONT');
    signalAll([pid], 'SIGTERM');
    const ended = await Promise.race([closed.then(() => true), sleep(3_000, false)]);
    if (!ended) signalAll([...new Set([...pids, ...(await processTree(pid))])], 'SIGKILL');
    await closed;
  });
  return {
    pid,
    output: () => output,
    pause: async () => signalAll(await processTree(pid), 'SIGSTOP'),
    resume: async () => signalAll(await processTree(pid), 'SIGCONT'),
    stop,
  };
}

/**
 * Waits until `look` gives something else than undefined.
 *
 * @template T
 * @param {Server} server
 * @param {string} what
 * @param {() => T | undefined | Promise<T | undefined>} look
 * @returns {Promise<T>}
 */
export async function untilServer(server, what, look) {
  const deadline = performance.now() + 20_000;
  while (performance.now() < deadline) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(20);
  }
  await server.stop();
  throw new Error(`Waited 20 s for ${what}, but it only printed:\n${server.output()}`);
}
