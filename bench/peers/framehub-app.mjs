// @ts-check
// framehub within an application, whose camera is a folder of JPEG files in memory:
//
//     node framehub-app.mjs INDEX.js FOLDER FPS HOST
//
// INDEX.js is the library as built, `dist/index.js`.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { readPictures } from '../system/pictures.mjs';

const [index = '', folder = '', fps = '30', host = '127.0.0.1'] = process.argv.slice(2);
/** @type {typeof import('../../src/index.ts')} */
const { createFramehub } = await import(pathToFileURL(index).href);
const files = await readPictures({ folder, count: 0, meanBytes: 0 });
const interval = 1000 / Number(fps);

/** The files in turn, without drift. @param {AbortSignal} signal */
async function* pictures(signal) {
  let due = performance.now();
  for (let next = 0; !signal.aborted; next = (next + 1) % files.length) {
    const file = files[next];
    if (file !== undefined) yield file;
    due += interval;
    await sleep(Math.max(0, due - performance.now()));
  }
}

const framehub = await createFramehub({
  auth: 'none',
  idleTimeout: 0,
  cameras: { cam: pictures },
});
const server = createServer(framehub.handler);
server.listen(0, host, () => {
  const address = server.address();
  console.log(`port ${typeof address === 'object' ? address?.port : address}`);
});
process.once('SIGTERM', async () => {
  server.close();
  await framehub.close();
});
