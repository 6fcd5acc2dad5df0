import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { errorHelp } from '../src/errors.ts';
import { tableRows } from './support/tables.ts';

const page = await readFile(new URL('../docs/reference/errors.md', import.meta.url), 'utf8');
const rows = tableRows(page, 'code');

test('the page lists every code once, with what the program says to do, and none is invented', () => {
  const documented = rows.map(([code, , help]) => ({ code, help }));
  expect(documented).toEqual(Object.entries(errorHelp).map(([code, help]) => ({ code, help })));
});

test('the page says of every code what it means', () => {
  expect(rows.filter(([, means]) => !means?.endsWith('.'))).toEqual([]);
});

test('every code is thrown somewhere', async () => {
  const text = await sourceText(fileURLToPath(new URL('../src', import.meta.url)));
  const unused = Object.keys(errorHelp).filter((code) => !text.includes(`'${code}'`));
  expect(unused).toEqual([]);
});

/** All that is written in a folder, but tests and the table of codes itself. */
async function sourceText(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => /\.ts$/.test(name) && !/(\.test|^errors)\.ts$/.test(name));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.join('\n');
}
