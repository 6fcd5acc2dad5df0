import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectDir } from '../files.mjs';
import { judge } from './tests.mjs';

const file = (name, ...states) => ({
  name: join(projectDir, name),
  status: states.includes('failed') ? 'failed' : 'passed',
  assertionResults: states.map((status, index) => ({ status, fullName: `test ${index}` })),
});

test('counts what passed and failed', () => {
  const report = {
    testResults: [file('a.test.ts', 'passed', 'failed'), file('b.test.ts', 'passed')],
  };
  expect(judge(report, ['a.test.ts', 'b.test.ts'], 1)).toEqual({
    passed: 2,
    failed: 1,
    problems: [],
  });
});

test.each(['skipped', 'pending', 'todo', 'disabled'])('a %s test is a problem', (status) => {
  const { problems } = judge({ testResults: [file('a.test.ts', 'passed', status)] }, [], 0);
  expect(problems).toEqual([`a.test.ts: "test 1" did not run (${status}).`]);
});

test('a file without tests is a problem, and so is one nobody ran', () => {
  const { problems } = judge({ testResults: [file('a.test.ts')] }, ['a.test.ts', 'b.test.ts'], 0);
  expect(problems).toEqual([
    'a.test.ts has no tests, or failed to load.',
    'b.test.ts was not run.',
  ]);
});

test('a file that failed although its tests passed is a problem', () => {
  const broken = { ...file('a.test.ts', 'passed'), status: 'failed' };
  expect(judge({ testResults: [broken] }, [], 1).problems).toEqual([
    'a.test.ts failed outside its tests.',
  ]);
});

test('an exit code without a failed test is a problem', () => {
  expect(judge({ testResults: [file('a.test.ts', 'passed')] }, [], 1).problems).toHaveLength(1);
});

test('a missing report is a problem', () => {
  const { problems } = judge({ testResults: [], unreadable: 'no such file' }, ['a.test.ts'], 1);
  expect(problems).toEqual(['vitest left no report: no such file']);
});
