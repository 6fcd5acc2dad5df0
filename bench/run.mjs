// @ts-check
// npm run bench: framehub beside its peers. `npm run bench -- --help` says more.
import { spawnSync } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { measures } from './measures.mjs';
import { readOptions } from './options.mjs';
import { readNotes } from './report/notes.mjs';
import { buildReport } from './report/page.mjs';
import { readResults, writeResults } from './report/results.mjs';
import { Cleanup } from './system/cleanup.mjs';
import { cacheDir, projectDir } from './system/folders.mjs';
import { describeMachine } from './system/machine.mjs';
import { missingPeers } from './system/peers.mjs';
import { benchPictures } from './system/pictures.mjs';
import { benchPrograms } from './system/programs.mjs';

const options = readOptions(process.argv.slice(2), measures);
const place = options.quick ? join(cacheDir, 'quick') : join(projectDir, 'docs');
const page = join(resolve(options.out ?? place), 'performance.md');
const folder = join(dirname(page), 'performance');
const ended = new AbortController();
// The soak has that many at a time.
setMaxListeners(0, ended.signal);
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.on(signal, () => ended.abort(new Error(`ended by ${signal}`)));
}
const cleanup = new Cleanup();

try {
  if (!options.reportOnly) await measureAll();
  await report();
} catch (error) {
  console.error(ended.signal.aborted ? `bench: ${ended.signal.reason.message}` : error);
  process.exitCode = ended.signal.aborted ? 130 : 1;
} finally {
  // What still runs beside what failed.
  ended.abort();
  await cleanup.run();
}

async function measureAll() {
  const missing = await missingPeers();
  if (missing.length > 0) {
    throw new Error(`Not everything is here: sudo apt-get install ${missing.join(' ')}`);
  }
  if (options.entry === undefined) {
    const { status } = spawnSync(process.execPath, [join(projectDir, 'scripts/build.mjs')], {
      stdio: 'inherit',
    });
    if (status !== 0) throw new Error('framehub could not be built.');
  }
  await mkdir(cacheDir, { recursive: true });
  const pictures = await benchPictures(cacheDir);
  const programs = await benchPrograms(cacheDir, pictures);
  const own = await mkdtemp(join(tmpdir(), 'framehub-bench-'));
  cleanup.add(() => rm(own, { recursive: true, force: true }));
  const machine = await describeMachine();
  if (options.entry !== undefined) machine['framehub'] = options.entry;
  const began = performance.now();
  for (const { name, run } of options.measures) {
    const say = (/** @type {string} */ text) => {
      const seconds = ((performance.now() - began) / 1000).toFixed(0).padStart(5);
      console.log(`${seconds} s  ${name}: ${text}`);
    };
    const { quick, repeat, minutes, lowat } = options;
    const measured = await run({
      entry: resolve(options.entry ?? join(projectDir, 'dist/cli.js')),
      folder: own,
      pictures,
      programs,
      cleanup,
      signal: ended.signal,
      quick,
      repeat,
      minutes,
      lowat,
      say,
    });
    if (ended.signal.aborted) throw ended.signal.reason;
    // Written after each one, so that an end in the middle loses one only.
    const results = await readResults(folder);
    results[name] = { at: new Date().toISOString(), repeat, quick, machine, ...measured };
    await writeResults(folder, results);
  }
}

async function report() {
  const notes = readNotes(await readFile(new URL('./notes.md', import.meta.url), 'utf8'));
  const built = buildReport(await readResults(folder), notes);
  await mkdir(folder, { recursive: true });
  await writeFile(page, built.page);
  for (const [name, chart] of Object.entries(built.charts)) {
    await writeFile(join(folder, name), chart);
  }
  if (options.quick) console.log(`\n${built.page}`);
  console.log(`\nThe report: ${page}`);
}
