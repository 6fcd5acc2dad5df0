// @ts-check
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { framehubWebcam } from '../contestants/framehub.mjs';
import { motion } from '../contestants/motion.mjs';
import { ustreamer, ustreamerSlowdown } from '../contestants/ustreamer.mjs';
import { Figures } from '../report/figures.mjs';
import { runLoad } from '../system/load.mjs';
import { fps, height, width } from '../system/pictures.mjs';
import { Field } from './field.mjs';
import { inTurn } from './rounds.mjs';

export const contestants = [framehubWebcam, ustreamer, ustreamerSlowdown, motion];
/** Not a contestant: what FFmpeg alone takes from its start to its first picture. */
export const ffmpegAlone = { id: 'ffmpeg', name: 'FFmpeg alone' };

/**
 * Time from the first request to the first real picture, when nobody has watched for a while.
 *
 * @param {import('../context.mjs').Bench} bench
 * @returns {Promise<import('../context.mjs').Measured>}
 */
export async function measureCold(bench) {
  const found = new Figures();
  const field = new Field(bench);
  for (const contestant of contestants) await field.enter(contestant, () => sleep(500));
  for (let round = 0; round < bench.repeat; round += 1) {
    for (const contestant of inTurn(contestants, round)) {
      bench.say(`round ${round + 1}: ${contestant.name}`);
      const load = await field.alone(contestant, async (server) => {
        // Long enough to catch up after the stop, and for --slowdown to be slow again.
        await sleep(bench.quick ? 1_500 : 2_500);
        return runLoad(bench, server, { connections: 1, untilFirst: true });
      });
      found.add(round, contestant.id, 'all', {
        firstPicture: load.firstPictureMs,
        firstAge: load.firstAgeMs,
      });
    }
    found.add(round, ffmpegAlone.id, 'all', { firstPicture: await ffmpegFirstPicture(bench) });
  }
  await field.close();
  return { figures: found.figures, remarks: found.remarks };
}

/**
 * @param {import('../context.mjs').Bench} bench
 * @returns {Promise<number>} ms
 */
function ffmpegFirstPicture({ programs }) {
  const began = performance.now();
  const input = ['-input_format', 'mjpeg', '-video_size', `${width}x${height}`];
  const args = [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-f', 'v4l2', ...input],
    ...['-framerate', String(fps), '-i', '/dev/video0', '-c:v', 'copy', '-f', 'mjpeg'],
    ...['-frames:v', '1', 'pipe:1'],
  ];
  const child = spawn(programs.ffmpeg, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => reject(new Error('FFmpeg gave no picture.')));
    child.stdout.once('data', () => resolve(performance.now() - began)).resume();
  });
}
