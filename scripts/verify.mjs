// npm run verify: everything that must hold before a change is taken, in one run.
//
//   npm run verify -- --only lint     one step
//
// The last line is `N passed, N failed`: tests, and every other step that failed counts as one.
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { projectDir } from './files.mjs';
import { ensurePeers } from './verify/peers.mjs';
import { runTests } from './verify/tests.mjs';

const tsc = 'node_modules/typescript/bin/tsc';
const steps = [
  { name: 'peers', what: 'the real programs the tests talk to', needed: true, run: ensurePeers },
  {
    name: 'build',
    what: 'dist/ from nothing',
    needed: true,
    run: node('scripts/build.mjs --clean'),
  },
  { name: 'lint', what: 'Biome', run: node('node_modules/@biomejs/biome/bin/biome check .') },
  { name: 'types', what: 'server', run: node(`${tsc} -p tsconfig.server.json`) },
  { name: 'web-types', what: 'web app', run: node(`${tsc} -p tsconfig.web.json`) },
  { name: 'example-types', what: 'examples', run: node(`${tsc} -p tsconfig.examples.json`) },
  { name: 'bench-types', what: 'benchmark', run: node(`${tsc} -p bench/tsconfig.json`) },
  { name: 'imports', what: 'who imports whom', run: node('scripts/check-imports.mjs') },
  { name: 'dead-code', what: 'Knip', run: node('node_modules/knip/bin/knip.js') },
  { name: 'package', what: 'npm pack, installed', run: node('scripts/check-package.mjs') },
  { name: 'docs', what: 'links lead somewhere', run: node('scripts/check-docs.mjs') },
];

const ending = new AbortController();
for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => ending.abort());

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const names = [...steps.map((step) => step.name), 'tests'];
if (values.only !== undefined && !names.includes(values.only)) {
  console.error(`There is no step "${values.only}". Steps: ${names.join(', ')}.`);
  process.exit(2);
}
const isWanted = (name) => values.only === undefined || values.only === name;

try {
  const { passed, failed } = await verify();
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
} catch (error) {
  if (!ending.signal.aborted) throw error;
  console.log('Interrupted.');
  process.exitCode = 130;
}

async function verify() {
  let failed = 0;
  for (const step of steps.filter(({ name }) => isWanted(name))) {
    const started = performance.now();
    const { ok, note } = await step.run();
    report(ok, step.name, started, ok ? (note ?? step.what) : step.what);
    if (ok) continue;
    failed += 1;
    process.stdout.write(`\n${note}\n`);
    if (step.needed) {
      console.log('The steps after this one need it, so they were not run.');
      return { passed: 0, failed };
    }
  }
  if (!isWanted('tests')) return { passed: 0, failed };

  const started = performance.now();
  const tests = await runTests(ending.signal);
  for (const problem of tests.problems) console.log(problem);
  const ok = tests.failed === 0 && tests.problems.length === 0;
  report(ok, 'tests', started, 'all of them, none skipped');
  return { passed: tests.passed, failed: failed + tests.failed + tests.problems.length };
}

function report(ok, name, started, note) {
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
  console.log(`${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(10)} ${seconds} s  ${note}`);
}

/** A step that is a Node program of the project. What it prints is shown when it fails. */
function node(command) {
  return () =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, command.split(' '), {
        cwd: projectDir,
        stdio: ['ignore', 'pipe', 'pipe'],
        signal: ending.signal,
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text) => {
          output += text;
        });
      }
      child.once('error', reject);
      child.once('close', (code) => {
        resolve(code === 0 ? { ok: true } : { ok: false, note: output });
      });
    });
}
