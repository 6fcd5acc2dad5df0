import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exitCodes } from '../src/cli/exit-codes.ts';
import { detectFields, detectParts } from '../src/config/detect-entry.ts';
import { fields, flagOf, settingKeys, timeFields, variableOf } from '../src/config/fields.ts';
import { helpText } from '../src/config/help.ts';
import { formatDuration, formatSize } from '../src/config/units.ts';
import { webhookFields } from '../src/config/webhook-entries.ts';
import { readConfig } from '../src/config.ts';
import { defaultSettings } from '../src/settings.ts';
import { sourceKinds } from '../src/sources.ts';
import { codeBlock, tableRows } from './support/tables.ts';

const page = await readFile(new URL('../docs/reference/config.md', import.meta.url), 'utf8');

function defaultText(key: (typeof settingKeys)[number]): string {
  const value = defaultSettings[key];
  if (key === 'port') return '5000, or the next free one';
  if (key === 'adminToken') return 'made at the first start that needs it, and kept in dataDir';
  if (key === 'viewerToken') return 'made together with adminToken';
  if (key === 'dataDir') return '~/.framehub';
  if (Array.isArray(value) && value.length === 0) return 'none';
  if (typeof value === 'number' && /Time(out)?$/.test(key)) return formatDuration(value);
  if (typeof value === 'number' && /Bytes$|^notSentLowat$/.test(key)) return formatSize(value);
  return String(value);
}

test('the page lists every setting with what it takes, its default, flag and variable', () => {
  const documented = tableRows(page, 'setting').map(([key, , ...rest]) => [key, ...rest]);
  expect(documented).toEqual(
    settingKeys.map((key) => {
      const flag = flagOf(key);
      const flagText = flag === undefined ? 'none' : `--${flag}`;
      return [key, fields[key].expected, defaultText(key), flagText, variableOf(key)];
    }),
  );
});

test('the page lists every key of a camera', () => {
  const documented = tableRows(page, 'key').map(([key, , takes]) => [key, takes]);
  expect(documented).toEqual([
    ['source', 'a source'],
    ['name', 'a name of at most 200 letters'],
    ...Object.entries(timeFields).map(([key, kind]) => [key, kind.expected]),
    ['detect', 'a detector, or a map: see [Detect](#detect)'],
    ['record', 'true or false'],
  ]);
});

test('the page lists every key of a webhook', () => {
  const documented = tableRows(page, 'in webhooks').map(([key, , takes]) => [key, takes]);
  expect(documented).toEqual(
    Object.entries(webhookFields).map(([key, kind]) => [key, kind.expected]),
  );
});

test('the page lists every key of "detect"', () => {
  const documented = tableRows(page, 'in detect').map(([key, , takes]) => [key, takes]);
  expect(documented).toEqual([
    ...Object.entries(detectParts),
    ...Object.entries(detectFields).map(([key, kind]) => [key, kind.expected]),
  ]);
});

test('the example file is right, and holds every setting and every key of a camera', async () => {
  const yaml = codeBlock(page, 'yaml', 'viewerTimeout');
  const cwd = await mkdtemp(join(tmpdir(), 'framehub-docs-'));
  await writeFile(join(cwd, 'framehub.yaml'), yaml);
  const command = await readConfig({ argv: [], env: {}, cwd });
  await rm(cwd, { recursive: true });
  expect(command).toMatchObject({ settings: { host: '0.0.0.0' } });
  for (const key of settingKeys) expect(yaml).toMatch(new RegExp(`^${key}: `, 'm'));
  for (const key of ['source', 'name', 'record', ...Object.keys(timeFields)]) {
    expect(yaml).toMatch(new RegExp(`^ {4}${key}: `, 'm'));
  }
  for (const key of Object.keys(webhookFields)) {
    expect(yaml).toMatch(new RegExp(`^ {2}[- ] ${key}: `, 'm'));
  }
  for (const key of [...Object.keys(detectParts), ...Object.keys(detectFields)]) {
    expect(yaml).toMatch(new RegExp(`(^ {6}|[{,] )${key}:`, 'm'));
  }
});

test('the page lists every exit code', () => {
  const documented = tableRows(page, 'code').map(([code]) => Number(code));
  expect(documented).toEqual(Object.values(exitCodes));
});

test('the help names only flags there are', () => {
  const flags = [...helpText().matchAll(/--([a-z-]+)/g)].map(([, flag]) => flag);
  const known = [...settingKeys.map(flagOf), 'config', 'detect', 'help', 'version'];
  expect(flags.length).toBeGreaterThan(8);
  expect(flags.filter((flag) => !known.includes(flag))).toEqual([]);
});

test('the help names every kind of source', () => {
  const schemes = sourceKinds.map(({ usage }) => /^[a-z]+:|[^/]+$/.exec(usage)?.[0] ?? usage);
  expect(schemes).toContain('demo:');
  expect(schemes.filter((scheme) => !helpText().includes(`  ${scheme}`))).toEqual([]);
});
