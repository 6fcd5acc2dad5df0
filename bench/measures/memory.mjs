// @ts-check
import { flask } from '../contestants/flask.mjs';
import { floor } from '../contestants/floor.mjs';
import { framehubApp, framehubWebcam } from '../contestants/framehub.mjs';
import { motion } from '../contestants/motion.mjs';
import { ustreamer } from '../contestants/ustreamer.mjs';
import { Figures } from '../report/figures.mjs';
import { runLoad } from '../system/load.mjs';
import { viewers } from './cpu.mjs';
import { inTurn } from './rounds.mjs';

export const contestants = [floor, framehubApp, framehubWebcam, ustreamer, motion, flask];
/** Enough that what a server takes once, such as the young generation of V8's heap, is there. */
export const few = 500;
export const many = 1000;
/** It takes long and varies little. */
const MOST_ROUNDS = 2;
/** Seconds until V8 has thrown away what a start, and many connects at once, left in its heap. */
export const settle = 20;

/**
 * How much more memory a server takes for each further viewer, in a process that has served a few
 * before it serves many.
 *
 * @param {import('../context.mjs').Bench} bench
 * @returns {Promise<import('../context.mjs').Measured>}
 */
export async function measureMemory(bench) {
  const found = new Figures();
  const [first, then] = bench.quick ? [1.5, 2] : [settle, settle];
  for (let round = 0; round < Math.min(bench.repeat, MOST_ROUNDS); round += 1) {
    for (const contestant of inTurn(contestants, round)) {
      bench.say(`round ${round + 1}: ${contestant.name}`);
      const server = await contestant.start(bench, { host: '127.0.0.1' });
      const before = await runLoad(bench, server, { connections: few, warmup: first, seconds: 0 });
      const after = await runLoad(bench, server, { connections: many, warmup: then, seconds: 0 });
      await server.stop();
      if (after.ready < many) {
        found.remark(
          `${contestant.name} can't serve ${viewers(many)} (${after.ready} got pictures).`,
        );
        continue;
      }
      found.add(round, contestant.id, 'all', {
        residentFew: before.resident,
        residentMany: after.resident,
        perViewer: (after.resident - before.resident) / (many - few),
      });
    }
  }
  return { figures: found.figures, remarks: found.remarks };
}
