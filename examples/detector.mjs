// @ts-check
// A detector of your own in the library: an object with a name, `detect` and `close`. This one
// finds the orange ball of the test camera.
//
//   npm install framehub sharp
//   node detector.mjs          then open http://127.0.0.1:3000/

import { createServer } from 'node:http';
import { createFramehub } from 'framehub';
import sharp from 'sharp';

/** @type {import('framehub').Detector} */
const ball = {
  name: 'ball',
  // One frame at a time, the newest; `signal` aborts when nobody waits for the answer any more.
  async detect({ data }) {
    const { data: pixels, info } = await sharp(data)
      .resize(320)
      .raw()
      .toBuffer({ resolveWithObject: true });
    return find(pixels, info.width, info.height);
  },
  // Lets go of what it holds: a model, a connection.
  async close() {},
};

/** The box around what is orange. @param {Buffer} pixels @param {number} width @param {number} height */
function find(pixels, width, height) {
  let [left, top, right, bottom, count] = [width, height, 0, 0, 0];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [red = 0, green = 0, blue = 0] = pixels.subarray((y * width + x) * 3);
      if (red < 190 || red - green < 80 || green - blue < 8) continue;
      [left, top] = [Math.min(left, x), Math.min(top, y)];
      [right, bottom] = [Math.max(right, x + 1), Math.max(bottom, y + 1)];
      count += 1;
    }
  }
  if (count < 20) return [];
  const box = {
    x: left / width,
    y: top / height,
    width: (right - left) / width,
    height: (bottom - top) / height,
  };
  return [{ label: 'ball', score: 1, box }];
}

const framehub = await createFramehub({
  cameras: [
    // Or `detect: 'motion'`, `'objects'`, `'exec:python3 detect.py'`, `'http://…'`.
    { id: 'card', source: 'test:?size=640x360', detect: { detector: ball, fps: 10 } },
  ],
});

const server = createServer(framehub.handler);
server.on('upgrade', framehub.upgrade);
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`Cameras: http://127.0.0.1:${port}/`);
});

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort());

// The detector runs while somebody wants its results, as this loop does.
for await (const { seq, detections } of framehub.detections('card', stop.signal)) {
  for (const { label, trackId, box } of detections) {
    const place = `${(box.x * 100).toFixed(1)} %, ${(box.y * 100).toFixed(1)} %`;
    console.log(`frame ${seq}: ${label}${trackId === undefined ? '' : ` #${trackId}`} at ${place}`);
  }
}

server.close();
await framehub.close();
server.closeAllConnections();
