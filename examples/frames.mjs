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
  // A picture taken from now on, or with `maxAge: 1_000` one of the last second. Rather than give an
  // old one it fails, with the camera's reason.
  const snapshot = await framehub.snapshot('front', { timeout: 20_000, signal: stop.signal });
  await writeFile('snapshot.jpg', snapshot.data);
  console.log(`snapshot.jpg: frame ${snapshot.seq}, ${snapshot.width}x${snapshot.height}`);

  // The camera runs while this loop does. Each turn gets the newest picture, however slow the turns
  // are: what passed meanwhile is skipped, so nothing is ever late.
  for await (const frame of framehub.frames('front', stop.signal)) {
    const age = Math.round(Date.now() - frame.capturedAt);
    console.log(`frame ${frame.seq}: ${frame.data.length} bytes of JPEG, ${age} ms old`);
    await sleep(500, undefined, { signal: stop.signal }); // slow work
  }
} catch (error) {
  if (!stop.signal.aborted) throw error;
} finally {
  await framehub.close();
}
