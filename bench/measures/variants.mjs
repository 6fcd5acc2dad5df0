// @ts-check
import { framehubApp } from '../contestants/framehub.mjs';
import { Figures } from '../report/figures.mjs';
import { runLoad } from '../system/load.mjs';
import { fps } from '../system/pictures.mjs';

export const viewerCount = 100;
export const cases = [
  { at: 'as they come', query: '' },
  { at: '?width=640', query: '?width=640' },
];

/**
 * What it costs when many viewers want smaller pictures: encodes for each picture of the camera, and
 * CPU time, beside the same viewers without that wish.
 *
 * @param {import('../context.mjs').Bench} bench
 * @returns {Promise<import('../context.mjs').Measured>}
 */
export async function measureVariants(bench) {
  const found = new Figures();
  const server = await framehubApp.start(bench, { host: '127.0.0.1' });
  const seconds = bench.quick ? 2 : 3;
  for (let round = 0; round < bench.repeat; round += 1) {
    for (const { at, query } of cases) {
      bench.say(`round ${round + 1}: ${at}`);
      const counting = countEncodes(server.port, 1_500, seconds * 1000 - 500);
      const [load, counts] = await Promise.all([
        runLoad(bench, server, {
          connections: viewerCount,
          path: `${server.path}${query}`,
          warmup: 1.5,
          seconds,
        }),
        counting,
      ]);
      if (query !== '' && counts.encodes === undefined) {
        found.remark(
          'This version says nothing of variants in /api/cameras: encodes are not known.',
        );
      }
      const delivered = load.bytes / (load.frameBytes ?? Number.NaN);
      found.add(round, framehubApp.id, at, {
        encodesPerFrame: counts.encodes === undefined ? undefined : counts.encodes / counts.frames,
        cores: load.cpuMs / 1000 / load.seconds,
        cpuPerFrame: load.cpuMs / delivered,
        frameBytes: load.frameBytes,
        delivered: delivered / (viewerCount * fps * load.seconds),
      });
    }
  }
  await server.stop();
  return { figures: found.figures, remarks: found.remarks };
}

/**
 * @param {number} port
 * @param {number} afterMs
 * @param {number} forMs
 */
async function countEncodes(port, afterMs, forMs) {
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  const before = await readCounts(port);
  await new Promise((resolve) => setTimeout(resolve, forMs));
  const after = await readCounts(port);
  const encodes =
    before.encodes === undefined || after.encodes === undefined
      ? undefined
      : after.encodes - before.encodes;
  return { encodes, frames: after.seq - before.seq };
}

/** @param {number} port */
async function readCounts(port) {
  const answer = await fetch(`http://127.0.0.1:${port}/api/cameras`);
  const { cameras } =
    /** @type {{ cameras: { seq: number, variants?: { encodes: number }[] }[] }} */ (
      await answer.json()
    );
  const [camera] = cameras;
  return {
    seq: camera?.seq ?? 0,
    encodes: camera?.variants?.reduce((sum, { encodes }) => sum + encodes, 0),
  };
}
