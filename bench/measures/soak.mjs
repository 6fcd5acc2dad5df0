// @ts-check
import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { framehubWebcam } from '../contestants/framehub.mjs';
import { Figures } from '../report/figures.mjs';
import { linearFit } from '../report/statistics.mjs';
import { runLoad } from '../system/load.mjs';
import { residentBytes } from '../system/processes.mjs';
import { watchBySocket } from './soak-socket.mjs';

const MJPEG_GROUPS = 10;
const VIEWERS_OF_A_GROUP = 5;
const SOCKETS = 20;
/** Seconds a viewer stays, at random. */
const STAY = { least: 5, most: 60 };
const SAMPLE_EVERY = 5_000;
/** What memory does at first is not its slope. */
const WARM_UP = 0.2;

/**
 * Memory over a long time, while 50 MJPEG and 20 WebSocket viewers come and go.
 *
 * @param {import('../context.mjs').Bench} bench
 * @returns {Promise<import('../context.mjs').Measured>}
 */
export async function measureSoak(bench) {
  const found = new Figures();
  const server = await framehubWebcam.start(bench, { host: '127.0.0.1' });
  const began = performance.now();
  const end = began + bench.minutes * 60_000;
  const filesAtFirst = await openFiles(server.pid);
  const visits = { mjpeg: 0, socket: 0 };
  let brokenOff = 0;
  /** @type {[x: number, y: number][]} */
  const points = [];

  const groups = Array.from({ length: MJPEG_GROUPS }, async () => {
    while (performance.now() < end) {
      const seconds = stay(end);
      const stayed = { connections: VIEWERS_OF_A_GROUP, warmup: 0, seconds };
      brokenOff += (await runLoad(bench, server, stayed)).ended;
      visits.mjpeg += VIEWERS_OF_A_GROUP;
    }
  });
  const sockets = Array.from({ length: SOCKETS }, async () => {
    while (performance.now() < end) {
      await watchBySocket(server.port, stay(end), bench.signal);
      visits.socket += 1;
    }
  });
  const sampling = (async () => {
    while (performance.now() < end) {
      await sleep(SAMPLE_EVERY, undefined, { signal: bench.signal });
      points.push([(performance.now() - began) / 60_000, await residentBytes(server.pid)]);
      const megabytes = Math.round((points.at(-1)?.[1] ?? 0) / 1e6);
      if (points.length % 12 === 0) bench.say(`${megabytes} MB after ${points.length / 12} min`);
    }
  })();
  await Promise.all([...groups, ...sockets, sampling]);
  await sleep(10_000, undefined, { signal: bench.signal });

  const settled = points.filter(([minute]) => minute >= bench.minutes * WARM_UP);
  found.add(0, framehubWebcam.id, 'all', {
    minutes: bench.minutes,
    mjpegVisits: visits.mjpeg,
    socketVisits: visits.socket,
    brokenOff,
    slopePerHour: settled.length > 1 ? linearFit(settled).slope * 60 : undefined,
    residentAtFirst: points[0]?.[1],
    residentAtLast: points.at(-1)?.[1],
    filesMore: (await openFiles(server.pid)) - filesAtFirst,
    readersLeft: await readersOf(server.port),
  });
  await server.stop();
  const series = [{ contestant: framehubWebcam.id, what: 'resident', points }];
  return { figures: found.figures, remarks: found.remarks, series };
}

/** Seconds, and not beyond the end. @param {number} end */
function stay(end) {
  const seconds = STAY.least + Math.random() * (STAY.most - STAY.least);
  return Math.max(1, Math.min(seconds, (end - performance.now()) / 1000));
}

/** @param {number} pid */
async function openFiles(pid) {
  return (await readdir(`/proc/${pid}/fd`)).length;
}

/** @param {number} port */
async function readersOf(port) {
  const answer = await fetch(`http://127.0.0.1:${port}/api/cameras`);
  const { cameras } = /** @type {{ cameras: { readers: unknown[] }[] }} */ (await answer.json());
  return cameras.reduce((sum, { readers }) => sum + readers.length, 0);
}
