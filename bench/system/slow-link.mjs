// @ts-check
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What would wait for the link longer than this is dropped. */
const LATENCY = '50ms';

/**
 * @typedef {object} SlowLink
 * @property {string} serverNetns
 * @property {string} viewerNetns
 * @property {string} serverAddress
 * @property {(rate: string, burst: string) => Promise<void>} setRate  such as `4mbit` and `16kb`
 * @property {() => Promise<void>} remove
 */

/**
 * Two network namespaces with nothing but a cable between them, which is slow from the server to
 * the viewer. Needs root. TCP is as it is on this machine.
 *
 * @param {import('./cleanup.mjs').Cleanup} cleanup
 * @param {number} index  0 to 250, another one for each link there is at the same time
 * @returns {Promise<SlowLink>}
 */
export async function createSlowLink(cleanup, index) {
  const [server, viewer] = ['s', 'v'].map((end) => `fhbench-${process.pid}-${index}-${end}`);
  if (server === undefined || viewer === undefined) throw new Error('No names.');
  const address = (/** @type {number} */ last) => `10.231.${index}.${last}`;
  const remove = cleanup.add(async () => {
    for (const netns of [server, viewer]) await ip('netns', 'del', netns).catch(() => {});
  });
  await ip('netns', 'add', server);
  await ip('netns', 'add', viewer);
  await ip(
    'link',
    'add',
    'out',
    'netns',
    server,
    'type',
    'veth',
    'peer',
    'name',
    'in',
    'netns',
    viewer,
  );
  for (const [netns, device, last] of /** @type {const} */ ([
    [server, 'out', 1],
    [viewer, 'in', 2],
  ])) {
    await ip('-n', netns, 'address', 'add', `${address(last)}/30`, 'dev', device);
    await ip('-n', netns, 'link', 'set', device, 'up');
    await ip('-n', netns, 'link', 'set', 'lo', 'up');
  }
  return {
    serverNetns: server,
    viewerNetns: viewer,
    serverAddress: address(1),
    async setRate(rate, burst) {
      // Replaced in place, a queue with a larger packet in it than the new burst would never move on.
      const tc = (/** @type {string[]} */ ...args) => run('tc', ['-n', server, 'qdisc', ...args]);
      await tc('del', 'dev', 'out', 'root').catch(() => {});
      const queue = ['tbf', 'rate', rate, 'burst', burst, 'latency', LATENCY];
      await tc('add', 'dev', 'out', 'root', ...queue);
    },
    remove,
  };
}

/** @param {string[]} args */
function ip(...args) {
  return run('ip', args);
}
