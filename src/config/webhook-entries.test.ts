import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../config.ts';
import type { Settings } from '../settings.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'framehub-config-'));
});
afterEach(() => rm(cwd, { recursive: true }));

async function read(yaml: string): Promise<{ settings: Settings; warnings: readonly string[] }> {
  await writeFile(join(cwd, 'framehub.yaml'), yaml);
  const command = await readConfig({ argv: [], env: {}, cwd });
  if (command.command !== 'serve') throw new Error('expected a server');
  return command;
}

describe('webhooks in the config file', () => {
  it('are read as they are written', async () => {
    const { settings } = await read(`
webhooks:
  - url: https://example.org/hook
    on: [event]
  - { url: "http://user:pw@10.0.0.9/x", on: "first-viewer, last-viewer", cameras: front, secret: 0123456789abcdef-x }
`);
    expect(settings.webhooks).toEqual([
      { url: 'https://example.org/hook', on: ['event'] },
      {
        url: 'http://user:pw@10.0.0.9/x',
        on: ['first-viewer', 'last-viewer'],
        cameras: ['front'],
        secret: '0123456789abcdef-x',
      },
    ]);
  });

  it('are none where none are written', async () => {
    expect((await read('port: 0')).settings.webhooks).toEqual([]);
    expect((await read('webhooks:')).settings.webhooks).toEqual([]);
  });

  it('that are wrong are told with their place, and without their secrets', async () => {
    const yaml = `
webhooks:
  - url: ftp://user:hidden@example.org
    on: [events]
    secrt: hidden-hidden-hidden
  - secret: hidden
    on: event
  - just text
`;
    const failure = read(yaml);
    await expect(failure).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    const message = await failure.then(
      () => '',
      (thrown: Error) => thrown.message,
    );
    const lines = message.split('\n').map((line) => line.replace(/^.*framehub.yaml:/, ''));
    expect(lines).toEqual([
      '3:10: url: expected an address that begins with http:// or https://, got "ftp://user:***@example.org"',
      '4:9: on: expected a list of event, first-viewer or last-viewer, got "events"',
      '5:5: a webhook has no "secrt"; did you mean "secret"?',
      '6:13: secret: expected 16 to 256 letters, digits and the signs - . _ ~, got something else (not shown)',
      '6:5: a webhook has no "url"',
      '8:5: webhooks: expected "url:" and "on:" lines in each',
    ]);
    await expect(read('webhooks: https://example.org')).rejects.toThrow(/expected a list/);
  });
});

describe('record in the config file', () => {
  it('is on where it says so, and warns where nothing looks', async () => {
    const { settings, warnings } = await read(`
cameras:
  front: { source: "test:", detect: motion, record: true }
  back: { source: "test:", record: true }
  yard: "test:"
`);
    expect(settings.cameras.map(({ record }) => record)).toEqual([true, true, undefined]);
    expect(warnings).toEqual([
      expect.stringMatching(/^back: "record" is on, but without "detect"/),
    ]);
    await expect(read('cameras:\n  a: { source: "test:", record: sometimes }')).rejects.toThrow(
      '2:33: record: expected true or false, got "sometimes"',
    );
  });
});
