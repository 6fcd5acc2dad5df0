// @ts-check
// A camera's pictures in your own program, without any server.
//
//   npm install framehub
//   node frames.mjs                                          the demo camera
//   node frames.mjs rtsp://user:password@10.0.0.5/stream     any other

import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFramehub } from 'framehub';

const framehub = await createFramehub({ cameras: { front: process.argv[2] ?? 'demo:' } });
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => stop.abort());

try {
  // The camera runs while this loop does. Each turn gets the newest picture, however slow the turns
  // are: what passed meanwhile is skipped, so nothing is ever late.
  for await (const frame of framehub.frames('front', stop.signal)) {
    const { seq, width, height, data, capturedAt } = frame;
    const age = Math.round(Date.now() - capturedAt);
    console.log(`frame ${seq}: ${width}x${height}, ${data.length} bytes, ${age} ms old`);

    if (seq === 1) {
      // One taken in the last second will do; without `maxAge` it waits for the next one. It fails
      // with the camera's reason rather than give an old picture.
      const snapshot = await framehub.snapshot('front', { maxAge: 1_000, timeout: 5_000 });
      await writeFile('snapshot.jpg', snapshot.data);
      console.log(`snapshot.jpg: frame ${snapshot.seq}`);
    }
    await sleep(500, undefined, { signal: stop.signal }).catch(() => {}); // slow work
  }
} finally {
  await framehub.close();
}
