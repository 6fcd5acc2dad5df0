import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { tableRows } from './support/tables.ts';

const page = await readFile(new URL('../docs/reference/player.md', import.meta.url), 'utf8');
const folder = new URL('../web/live-camera/', import.meta.url);
const names = (await readdir(folder)).filter((name) => /(?<!\.test|\.d)\.(ts|css)$/.test(name));
const source = Object.fromEntries(
  await Promise.all(
    names.map(async (name) => [name, await readFile(new URL(name, folder), 'utf8')] as const),
  ),
);
const element = source['live-camera.ts'] ?? '';

/** The first column of the table with this header; empty lines are around a table. */
function documented(header: string): Set<string | undefined> {
  const table = page
    .split('\n\n')
    .find((text) => text.replaceAll('`', '').startsWith(`| ${header} |`));
  return new Set(tableRows(table ?? '', header).map(([name]) => name));
}

/** What the first group of `pattern` finds. */
function found(text: string, pattern: RegExp): Set<string | undefined> {
  return new Set([...text.matchAll(pattern)].map(([, name]) => name));
}

test('the page lists every attribute the player reads', () => {
  const read = found(element, /\b(?:get|has)Attribute\('([a-z-]+)'/g);
  expect(read.size).toBeGreaterThan(5);
  expect(documented('attribute')).toEqual(read);
});

test('every attribute is a property, and the page lists the others', () => {
  const settable = found(element, /^ {2}set (\w+)\(/gm);
  const properties = found(element, /^ {2}get (\w+)\(/gm);
  expect(settable).toEqual(
    new Set([...documented('attribute')].filter((name) => name !== 'aria-label')),
  );
  const readOnly = [...properties].filter((name) => !settable.has(name));
  expect(documented('property')).toEqual(new Set(readOnly));
});

test('the page lists every event', () => {
  expect(documented('event')).toEqual(found(element, /new CustomEvent\('(\w+)'/g));
});

test('the page lists every part and every custom property', () => {
  expect(documented('part')).toEqual(
    found(source['view.ts'] ?? '', /\bmake\(\s*'\w+',\s*'(\w+)'/g),
  );
  expect(documented('custom property')).toEqual(
    found(source['style.css'] ?? '', /var\((--live-camera-[a-z]+)/g),
  );
});

test('the page lists every state of the player itself, and every transport', () => {
  expect(documented('state')).toEqual(found(source['status.ts'] ?? '', /\{ state: '(\w+)'/g));
  const transports = /type Transport = (.*);/.exec(source['player.ts'] ?? '')?.[1] ?? '';
  expect(documented('transport')).toEqual(found(transports, /'(\w+)'/g));
});
