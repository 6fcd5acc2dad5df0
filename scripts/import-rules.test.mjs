import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkImports } from './import-rules.mjs';

const parts = {
  frame: { may: [], why: 'it depends on nothing' },
  hub: { may: ['frame'], why: 'it only shares frames' },
  'source/*': { may: ['frame'], why: 'a source stands alone' },
};
const packages = {
  fastify: { in: ['hub'], why: 'one framework, one home' },
  ws: { in: ['source/demo'], why: 'only the demo talks' },
};
const words = { 'process.env': { in: ['hub'], why: 'read in one place' } };

/** Every row of the table is used and nothing is wrong. */
const sound = {
  'src/frame.ts': 'export const frame = 1;',
  'src/hub/hub.ts': `import 'fastify';\nimport { frame } from '../frame.ts';\nprocess.env.A;\nimport './reader.ts';`,
  'src/hub/reader.ts': `import { join } from 'node:path';`,
  'src/source/demo/demo.ts': `import type { frame } from '../../frame.ts';\nimport 'ws';`,
  'src/source/images.ts': '',
};

let root;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'imports-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function check(changes, rows = parts) {
  for (const [path, text] of Object.entries({ ...sound, ...changes })) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return checkImports(root, { parts: rows, packages, words });
}

describe('the import table', () => {
  test('finds nothing wrong with imports it allows', () => {
    expect(check({})).toEqual([]);
  });

  test('reports a breach with its place, what is allowed and why', () => {
    const text = `import { frame } from '../frame.ts';\n\nexport * from '../source/images.ts';`;
    expect(check({ 'src/hub/reader.ts': text })).toEqual([
      'src/hub/reader.ts:3: imports src/source/images.ts; "hub" may import frame: it only shares frames.',
    ]);
  });

  test.each([
    ['a type', `import type { A } from '../images.ts';`],
    ['an inline type', `const a: import('../images.ts').A = 1;`],
    ['a dynamic import', `await import('../images.ts');`],
    ['a file beside its folder', `import {\n  a,\n} from '../images.ts';`],
  ])('keeps sources apart, even by %s', (_, line) => {
    const text = `import type { frame } from '../../frame.ts';\nimport 'ws';\n${line}`;
    expect(check({ 'src/source/demo/demo.ts': text })).toEqual([
      expect.stringMatching(/^src\/source\/demo\/demo\.ts:[35]: .*a source stands alone\.$/),
    ]);
  });

  test('keeps packages and words at home', () => {
    const text = `import 'fastify/types';\nimport 'left-pad';\nprocess.env.HOME;\nimport 'ws';`;
    expect(check({ 'src/source/images.ts': text })).toEqual([
      'src/source/images.ts:1: imports the package "fastify", whose home is hub: one framework, one home.',
      'src/source/images.ts:2: imports the package "left-pad", which has no home in the table.',
      'src/source/images.ts:4: imports the package "ws", whose home is source/demo: only the demo talks.',
      'src/source/images.ts:3: has "process.env", whose home is hub: read in one place.',
    ]);
  });

  test('knows every file, and lets only tests import tests', () => {
    const problems = check({
      'src/stray.ts': '',
      'src/hub/hub.test.ts': `import '../source/images.ts';`,
      'src/hub/reader.ts': `import './hub.test.ts';\nimport './gone.ts';\nimport '../../out.ts';`,
      'out.ts': '',
    });
    expect(problems).toEqual([
      expect.stringContaining('src/hub/reader.ts:1: imports src/hub/hub.test.ts; only tests'),
      expect.stringContaining('src/hub/reader.ts:2: imports src/hub/gone.ts, which does not exist'),
      expect.stringContaining('src/hub/reader.ts:3: imports out.ts, which is outside'),
      expect.stringContaining('src/stray.ts:1: belongs to no part'),
    ]);
  });

  test('finds a circle of files, once, unless only types close it', () => {
    expect(check({ 'src/hub/reader.ts': `import type { Hub } from './hub.ts';` })).toEqual([]);
    expect(check({ 'src/hub/reader.ts': `import { type Hub } from './hub.ts';` })).toEqual([
      'These files import each other in a circle: src/hub/hub.ts → src/hub/reader.ts → src/hub/hub.ts.',
    ]);
  });

  test('finds a circle in the table itself', () => {
    const circle = { ...parts, frame: { may: ['hub'], why: 'a mistake' } };
    expect(check({ 'src/frame.ts': `import type { Hub } from './hub/hub.ts';` }, circle)).toEqual([
      'scripts/imports.mjs allows a circle: frame → hub → frame.',
    ]);
  });

  test('reports rows that nothing needs', () => {
    expect(check({ 'src/hub/hub.ts': '' })).toEqual([
      expect.stringContaining('"hub" imports nothing of "frame"'),
      expect.stringContaining('"hub" does not use "fastify"'),
      expect.stringContaining('"hub" does not use "process.env"'),
    ]);
  });
});
