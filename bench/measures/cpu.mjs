// @ts-check
import { flask } from '../contestants/flask.mjs';
import { floor } from '../contestants/floor.mjs';
import { framehubApp, framehubWebcam } from '../contestants/framehub.mjs';
import { motion } from '../contestants/motion.mjs';
import { nodeFloor } from '../contestants/node-floor.mjs';
import { ustreamer } from '../contestants/ustreamer.mjs';
import { Figures } from '../report/figures.mjs';
import { runLoad } from '../system/load.mjs';
import { fps } from '../system/pictures.mjs';
import { Field } from './field.mjs';
import { inTurn } from './rounds.mjs';

export const contestants = [
  floor,
  nodeFloor,
  framehubApp,
  framehubWebcam,
  ustreamer,
  motion,
  flask,
];
export const sizes = [1, 10, 50, 200, 500, 1000];
const quickSizes = [1, 200];
/** Seconds until a program has thrown away what its start left. */
const SETTLE = 12;
/** Seconds until a compiler that looks at what runs often has found what runs thirty times a second. */
const COMPILE = 60;
/** Slow to measure, and so far away that a few rounds tell. */
const slow = { contestants: [motion, flask], rounds: 3 };
/** Who delivers less than this of all pictures at one size is not asked for more. */
const ENOUGH = 0.5;

/** @param {number} size */
export const viewers = (size) => `${size} viewer${size === 1 ? '' : 's'}`;

/**
 * CPU time of the server for what it delivered.
 *
 * @param {import('../context.mjs').Bench} bench
 * @returns {Promise<import('../context.mjs').Measured>}
 */
export async function measureCpu(bench) {
  const found = new Figures();
  const field = new Field(bench);
  /** @type {Map<string, number>} the most viewers this contestant is asked for */
  const limits = new Map();
  for (const contestant of contestants) {
    bench.say(`starting ${contestant.name}`);
    const settle = { connections: 50, warmup: bench.quick ? 1 : SETTLE, seconds: 0 };
    await field.enter(contestant, (server) => runLoad(bench, server, settle));
  }
  bench.say('warming up');
  const compile = { connections: 10, warmup: bench.quick ? 1 : COMPILE, seconds: 0 };
  await field.together((server) => runLoad(bench, server, compile));
  // With 0.7 s, what follows a pause and the start of a camera was still part of what was measured.
  const window = bench.quick ? { warmup: 0.5, seconds: 1.5 } : { warmup: 2.5, seconds: 2 };
  for (let round = 0; round < bench.repeat; round += 1) {
    for (const size of bench.quick ? quickSizes : sizes) {
      for (const contestant of inTurn(field.contestants, round)) {
        if (round >= slow.rounds && slow.contestants.includes(contestant)) continue;
        if (size > (limits.get(contestant.id) ?? Number.POSITIVE_INFINITY)) continue;
        const load = await field.alone(contestant, (server) =>
          runLoad(bench, server, { connections: size, ...window }),
        );
        bench.say(`round ${round + 1}, ${viewers(size)}: ${contestant.name}`);
        const share = record(found, round, contestant, size, load);
        if (share < ENOUGH) limits.set(contestant.id, size);
      }
    }
  }
  await field.close();
  return { figures: found.figures, remarks: found.remarks };
}

/**
 * @param {Figures} found
 * @param {number} round
 * @param {import('../context.mjs').Contestant} contestant
 * @param {number} size
 * @param {import('../system/load.mjs').Load} load
 * @returns {number} how much of all pictures it delivered, 0 to 1
 */
function record(found, round, contestant, size, load) {
  const at = viewers(size);
  const { frameBytes } = load;
  if (load.ready < size || frameBytes === undefined) {
    found.remark(
      `${contestant.name} can't serve ${at}: ${load.ready} of them had got a part of a picture after 15 s.`,
    );
    return 0;
  }
  const frames = load.bytes / frameBytes;
  const share = frames / (size * fps * load.seconds);
  found.add(round, contestant.id, at, {
    cpuPerMb: load.cpuMs / (load.bytes / 1e6),
    cpuPerFrame: load.cpuMs / frames,
    cores: load.cpuMs / 1000 / load.seconds,
    delivered: share,
    loadCores: load.ownCpuMs / 1000 / load.seconds,
  });
  if (load.ended > 0) found.remark(`${contestant.name} broke off streams, with ${at}.`);
  if (share < ENOUGH) {
    found.remark(
      `${contestant.name} delivered less than half of the pictures to ${at} and was not asked for more.`,
    );
  }
  return share;
}
