// @ts-check
import { flask } from '../contestants/flask.mjs';
import { floor } from '../contestants/floor.mjs';
import { framehubWebcam } from '../contestants/framehub.mjs';
import { ustreamer } from '../contestants/ustreamer.mjs';
import { Figures } from '../report/figures.mjs';
import { runLoad } from '../system/load.mjs';
import { viewers } from './cpu.mjs';
import { Field } from './field.mjs';
import { inTurn } from './rounds.mjs';

export const contestants = [floor, framehubWebcam, ustreamer, flask];
export const sizes = [1, 200];

/**
 * Time from the moment the camera hands a picture out to the moment a viewer has all of it.
 *
 * @param {import('../context.mjs').Bench} bench
 * @returns {Promise<import('../context.mjs').Measured>}
 */
export async function measureLatency(bench) {
  const found = new Figures();
  found.remark('Motion is left out: it encodes every picture anew, and the time in it is lost.');
  const field = new Field(bench);
  for (const contestant of contestants) {
    const settle = { connections: 50, warmup: bench.quick ? 1 : 3, seconds: 0 };
    await field.enter(contestant, (server) => runLoad(bench, server, settle));
  }
  const window = bench.quick ? { warmup: 0.5, seconds: 2 } : { warmup: 0.8, seconds: 2.5 };
  for (let round = 0; round < bench.repeat; round += 1) {
    for (const size of sizes) {
      for (const contestant of inTurn(field.contestants, round)) {
        bench.say(`round ${round + 1}, ${viewers(size)}: ${contestant.name}`);
        const load = await field.alone(contestant, (server) =>
          runLoad(bench, server, { connections: size, parse: size, ...window }),
        );
        if (load.age === undefined) {
          found.remark(`No picture of ${contestant.name} carried a time, with ${viewers(size)}.`);
          continue;
        }
        const { p50, p99, max } = load.age;
        found.add(round, contestant.id, viewers(size), {
          p50,
          p99,
          max,
          pictures: load.age.count,
          fewestOfOneViewer: load.framesFewest,
          mostOfOneViewer: load.framesMost,
        });
      }
    }
  }
  await field.close();
  return { figures: found.figures, remarks: found.remarks };
}
