// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';
import { framehubWebcam } from '../contestants/framehub.mjs';
import { motion } from '../contestants/motion.mjs';
import { ustreamer, ustreamerSlowdown } from '../contestants/ustreamer.mjs';
import { Figures } from '../report/figures.mjs';
import { runLoad } from '../system/load.mjs';

export const contestants = [framehubWebcam, ustreamer, ustreamerSlowdown, motion];

/**
 * CPU time and memory of a server that was watched once and is not watched now. All of them run at
 * the same time: what is counted is the time each one used, not how long it had to wait for it.
 *
 * @param {import('../context.mjs').Bench} bench
 * @returns {Promise<import('../context.mjs').Measured>}
 */
export async function measureIdle(bench) {
  const found = new Figures();
  const servers = await Promise.all(
    contestants.map(async (contestant) => {
      const server = await contestant.start(bench, { host: '127.0.0.1' });
      await runLoad(bench, server, { connections: 1, warmup: 1, seconds: 0 });
      return { contestant, server };
    }),
  );
  await sleep(bench.quick ? 1_500 : 3_000);
  for (let round = 0; round < bench.repeat; round += 1) {
    bench.say(`round ${round + 1}`);
    const seconds = bench.quick ? 2 : 5;
    await Promise.all(
      servers.map(async ({ contestant, server }) => {
        const load = await runLoad(bench, server, { connections: 0, warmup: 0, seconds });
        found.add(round, contestant.id, 'all', {
          cpuPerSecond: load.cpuMs / load.seconds,
          resident: load.resident,
        });
      }),
    );
  }
  await Promise.all(servers.map(({ server }) => server.stop()));
  return { figures: found.figures, remarks: found.remarks };
}
