import { afterEach, expect, it } from 'vitest';
import {
  addressOf,
  childrenOf,
  cpuTime,
  type RunningCommand,
  runCommand,
} from './support/command.ts';
import { watchMjpeg } from './support/mjpeg-client.ts';
import { until } from './support/until.ts';

let command: RunningCommand | undefined;
afterEach(() => {
  command?.child.kill('SIGKILL');
});

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it('unwatched for longer than the idle time there is no child process and no work', async () => {
  command = runCommand([
    '--port',
    '0',
    '--idle-timeout',
    '1s',
    'front=ffmpeg:-f lavfi -i testsrc2=size=1280x720:rate=30',
    'back=test:?size=1280x720&fps=30',
  ]);
  const { pid } = command;
  const { port, url } = await addressOf(command);
  const viewers = ['front', 'back'].map((id) => watchMjpeg(port, `/cameras/${id}/stream.mjpg`));
  await until('pictures', () => viewers.every(({ parts }) => parts.length > 10), 20_000);
  expect(await childrenOf(pid)).toHaveLength(1);

  for (const viewer of viewers) viewer.close();
  const leftAt = performance.now();
  await until('no child', async () => (await childrenOf(pid)).length === 0);
  const took = performance.now() - leftAt;
  expect(took).toBeGreaterThan(900);
  expect(took).toBeLessThan(3_500);
  const answer = await (await fetch(`${url}/api/cameras`)).text();
  expect(answer.match(/"state":"off"/g)).toHaveLength(2);

  // From the first moment on: what V8 gives back once, after the work, counts too.
  const before = await cpuTime(pid);
  const seconds = 60;
  await sleep(seconds * 1_000);
  const used = (await cpuTime(pid)) - before;
  expect(used).toBeLessThanOrEqual(seconds * 1_000 * 0.005);
}, 120_000);
