import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { brokenLinks } from './doc-links.mjs';

let root;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'links-'));
  mkdirSync(join(root, 'docs'));
  writeFileSync(join(root, 'docs/guide.md'), '# Guide\n\n## `--port` and *host*\n\n## Guide\n');
});
afterEach(() => rmSync(root, { recursive: true }));

function check(text) {
  writeFileSync(join(root, 'README.md'), text);
  return brokenLinks(root);
}

test('links to files, folders, headings and the network lead somewhere', () => {
  const text = [
    '# Start here',
    '[guide](docs/guide.md), [folder](docs/), [port](docs/guide.md#--port-and-host)',
    '[again](docs/guide.md#guide-1) [here](#start-here) [far](https://example.org/x#y)',
    '[named]: docs/guide.md',
    '<img src="docs/guide.md">',
  ];
  expect(check(text.join('\n'))).toEqual([]);
});

test.each([
  ['a file', '[a](docs/gone.md)', 'README.md:2: docs/gone.md does not exist.'],
  ['a picture', '![a](docs/gone.png)', 'README.md:2: docs/gone.png does not exist.'],
  ['a picture in a link', '[![a](b.png)](docs/guide.md)', 'README.md:2: b.png does not exist.'],
  ['a named link', '[a]: gone.md', 'README.md:2: gone.md does not exist.'],
  ['HTML', '<a href="gone.md">', 'README.md:2: gone.md does not exist.'],
  ['a heading', '[a](docs/guide.md#no)', 'README.md:2: docs/guide.md has no heading "#no".'],
  ['a heading here', '[a](#no)', 'README.md:2: README.md has no heading "#no".'],
  ['something outside', '[a](../x.md)', 'README.md:2: ../x.md is outside the project.'],
])('a link to %s that is not there is found', (_, line, problem) => {
  expect(check(`# A\n${line}\n`)).toContain(problem);
});

test('code is not read as links', () => {
  expect(check('```md\n[a](gone.md)\n# no\n```\nUse `[a](gone.md)`.\n')).toEqual([]);
});
