// @ts-check
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * @typedef {object} Ages  milliseconds
 * @property {number} count
 * @property {number} mean
 * @property {number} min
 * @property {number} p50
 * @property {number} p90
 * @property {number} p99
 * @property {number} max
 */

/**
 * @typedef {object} Load  what bench/load.c prints
 * @property {number} connections
 * @property {number} ready      how many had got a part of a picture before the warm-up
 * @property {number} ended      connections the server closed while it was measured
 * @property {number} status     of the first answer
 * @property {number} seconds    measured
 * @property {number} bytes      all viewers together, headers included
 * @property {number} bytesLeast of one viewer
 * @property {number} bytesMost
 * @property {number} cpuMs      of the server and all that descends from it
 * @property {number} resident   memory at the end, bytes
 * @property {number} ownCpuMs   of the load itself
 * @property {number} [firstPictureMs] from the first connect to the first real picture
 * @property {number} [firstAgeMs]  how old that one was
 * @property {number} [frames]   whole pictures of the viewers that parse
 * @property {number} [framesFewest]  of one viewer
 * @property {number} [framesMost]
 * @property {number} [frameBytes]  mean
 * @property {number} placeholders
 * @property {Ages} [age]        by the stamp in the picture
 * @property {Ages} [timestampAge]  by X-Timestamp
 * @property {Ages} [timestampOffset]  X-Timestamp minus stamp
 */

/**
 * @typedef {object} LoadOptions
 * @property {number} connections
 * @property {number} [parse]     viewers that read what they get; default 1
 * @property {number} [warmup]    seconds
 * @property {number} [seconds]
 * @property {number} [ready]     seconds until every viewer must have a part of a picture
 * @property {boolean} [untilFirst]  ends with the first picture
 * @property {string} [host]
 * @property {string} [netns]
 * @property {string} [path]      in place of the contestant's own
 */

/**
 * @param {import('../context.mjs').Bench} bench
 * @param {import('./server.mjs').Server & import('../context.mjs').Target} server
 * @param {LoadOptions} options
 * @returns {Promise<Load>}
 */
export async function runLoad(bench, server, options) {
  const { connections, parse = 1, warmup = 1, seconds = 2.5, ready = 15 } = options;
  const args = [
    ...['--host', options.host ?? '127.0.0.1', '--port', server.port],
    ...['--path', options.path ?? server.path, '--pid', server.pid],
    ...['--connections', connections, '--parse', parse],
    ...['--warmup', warmup, '--seconds', seconds, '--ready', ready],
    ...(options.untilFirst === true ? ['--until-first'] : []),
  ].map(String);
  const inside = options.netns === undefined ? [] : ['ip', 'netns', 'exec', options.netns];
  const [command = '', ...rest] = [...inside, bench.programs.load, ...args];
  const timeout = Math.ceil((warmup + seconds + ready + 10) * 1000);
  const { stdout } = await run(command, rest, {
    timeout,
    killSignal: 'SIGKILL',
    signal: bench.signal,
  });
  return JSON.parse(stdout);
}
