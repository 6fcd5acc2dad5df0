// npm test: every test that needs nothing but Node.js, and then which ones it left out and why.
// What follows `npm test --` goes to vitest: a part of a file name, `-t name`, `--watch`.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { filesBelow, projectDir } from './files.mjs';
import { importsOf } from './import-rules.mjs';
import { peers } from './verify/peers.mjs';

const options = { cwd: projectDir, stdio: 'inherit' };
const build = spawnSync(process.execPath, ['scripts/build.mjs'], options);
if (build.status !== 0) process.exit(1);

const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'quick'];
const quick = spawnSync(process.execPath, [...vitest, ...process.argv.slice(2)], options);

const leftOut = filesBelow('.').filter((file) => /\.(peer|alone)\.test\.ts$/.test(file));
if (leftOut.length > 0) {
  console.log(
    `Left out, because they talk to real programs or need the machine for themselves (${leftOut.length}):`,
  );
  const width = Math.max(...leftOut.map((file) => file.length));
  for (const file of leftOut) {
    const needs = needsOf(file).join(', ') || 'the machine for itself';
    console.log(`  ${file.padEnd(width)}  ${needs}`);
  }
  console.log('"npm run verify" installs those programs and runs everything.\n');
}
process.exitCode = quick.status ?? 1;

/** The peers a test mentions, in its own file or in the helpers of `test/` it imports. */
function needsOf(file) {
  const texts = [...testFiles(file)].map((path) => readFileSync(join(projectDir, path), 'utf8'));
  return peers.filter(({ sign }) => texts.some((text) => sign?.test(text))).map(({ what }) => what);
}

function testFiles(file, found = new Set()) {
  found.add(file);
  for (const { specifier } of importsOf(readFileSync(join(projectDir, file), 'utf8'))) {
    const target = posix.join(posix.dirname(file), specifier);
    const isHelper = specifier.startsWith('.') && target.startsWith('test/');
    if (isHelper && !found.has(target)) testFiles(target, found);
  }
  return found;
}
