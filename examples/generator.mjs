// @ts-check
// A camera from a function of your own: anything that yields JPEG pictures. This one draws how busy
// each processor of this machine is.
//
//   npm install framehub sharp
//   node generator.mjs         then open http://127.0.0.1:3000/

import { createServer } from 'node:http';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFramehub } from 'framehub';
import sharp from 'sharp';

const framehub = await createFramehub({
  cameras: [{ id: 'load', name: 'Processors', source: pictures, idleTimeout: 1_000 }],
});

/**
 * Called when somebody begins to watch; `signal` aborts `idleTimeout` after the last one left.
 *
 * @param {AbortSignal} signal
 */
async function* pictures(signal) {
  console.log('Somebody watches: the generator starts.');
  try {
    for (let before = times(); ; ) {
      await sleep(200, undefined, { signal });
      const now = times();
      yield await draw(now.map((time, index) => busy(before[index] ?? time, time)));
      before = now;
    }
  } finally {
    // Close here what you opened.
    console.log('Nobody watches: the generator stops.');
  }
}

/** One bar for each share of 0 to 1. @param {number[]} shares */
function draw(shares) {
  const width = 640 / shares.length;
  const bars = shares.map((share, index) => {
    const [x, height] = [(index + 0.1) * width, 8 + share * 340];
    const colour = `hsl(${120 - share * 120}, 70%, 50%)`;
    return `<rect x="${x}" y="${360 - height}" width="${width * 0.8}" height="${height}" fill="${colour}"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360">${bars.join('')}</svg>`;
  return sharp(Buffer.from(svg)).flatten({ background: '#101314' }).jpeg().toBuffer();
}

/** What each processor has done since it started, ms. */
function times() {
  return cpus().map(({ times: { user, nice, sys, irq, idle } }) => {
    const work = user + nice + sys + irq;
    return { work, all: work + idle };
  });
}

/** @typedef {{ work: number, all: number }} Times */
/** Share of the time it was busy. @param {Times} before @param {Times} now */
function busy(before, now) {
  return now.all > before.all ? (now.work - before.work) / (now.all - before.all) : 0;
}

const server = createServer(framehub.handler);
server.on('upgrade', framehub.upgrade);
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`Cameras: http://127.0.0.1:${port}/`);
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    server.close();
    await framehub.close();
    server.closeAllConnections();
  });
}
