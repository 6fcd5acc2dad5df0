import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keptTokens } from './token-file.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framehub-tokens-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('makes tokens once, keeps them, and lets nobody else read them', async () => {
  const dataDir = join(folder, 'data');
  const first = await keptTokens(dataDir);
  expect(await keptTokens(dataDir)).toEqual(first);
  expect(first.admin).toMatch(/^[\w-]{24}$/);
  expect(first.admin).not.toBe(first.viewer);
  expect((await stat(join(dataDir, 'tokens.json'))).mode & 0o777).toBe(0o600);
});

it('says what to do with a damaged file, without quoting it', async () => {
  await writeFile(join(folder, 'tokens.json'), '{"admin":"secret"');
  const error = await keptTokens(folder).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
  expect(String(error)).not.toContain('secret');
  expect(await readFile(join(folder, 'tokens.json'), 'utf8')).toContain('secret');
});

it('says which setting to change when the folder cannot be written', async () => {
  await writeFile(join(folder, 'file'), '');
  await expect(keptTokens(join(folder, 'file'))).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    help: expect.stringContaining('dataDir'),
  });
});
