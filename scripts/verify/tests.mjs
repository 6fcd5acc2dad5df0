import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { cacheDir, filesBelow, projectDir } from '../files.mjs';

const REPORT = join(cacheDir, 'tests.json');

/** Runs every test; what they print goes straight through. */
export async function runTests(signal) {
  rmSync(REPORT, { force: true });
  const exitCode = await new Promise((resolve, reject) => {
    const args = [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${REPORT}`,
    ];
    // CI also makes vitest refuse `.only` and unwritten snapshots.
    const env = { ...process.env, CI: 'true' };
    spawn(process.execPath, args, { cwd: projectDir, env, stdio: 'inherit', signal })
      .once('error', reject)
      .once('exit', (code) => resolve(code ?? 1));
  });
  const onDisk = filesBelow('.').filter((file) => /\.test\.(ts|mjs)$/.test(file));
  return judge(readReport(), onDisk, exitCode);
}

function readReport() {
  try {
    return JSON.parse(readFileSync(REPORT, 'utf8'));
  } catch (error) {
    return { testResults: [], unreadable: error.message };
  }
}

/**
 * Counts the tests of vitest's JSON report, and says what makes the run worthless although vitest
 * may be content: skipped and todo tests, files without tests, files nobody ran.
 *
 * @param onDisk the test files there are, relative to the project
 * @returns {{ passed: number, failed: number, problems: string[] }}
 */
export function judge(report, onDisk, exitCode) {
  const problems = [];
  let passed = 0;
  let failed = 0;
  const ran = new Set();
  for (const { name, status, assertionResults } of report.testResults) {
    const file = relative(projectDir, name).replaceAll('\\', '/');
    ran.add(file);
    if (assertionResults.length === 0) problems.push(`${file} has no tests, or failed to load.`);
    else if (status === 'failed' && assertionResults.every((test) => test.status === 'passed')) {
      problems.push(`${file} failed outside its tests.`);
    }
    for (const test of assertionResults) {
      if (test.status === 'passed') passed += 1;
      else if (test.status === 'failed') failed += 1;
      else problems.push(`${file}: "${test.fullName}" did not run (${test.status}).`);
    }
  }
  if (report.unreadable !== undefined) problems.push(`vitest left no report: ${report.unreadable}`);
  else {
    for (const file of onDisk) if (!ran.has(file)) problems.push(`${file} was not run.`);
  }
  if (exitCode !== 0 && failed === 0 && problems.length === 0) {
    problems.push(`vitest ended with exit code ${exitCode} although every test passed.`);
  }
  return { passed, failed, problems };
}
