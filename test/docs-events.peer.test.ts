import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { webhookTopics } from '../src/settings/webhook.ts';
import { sign } from '../src/webhooks/signature.ts';
import { runProgram } from './support/command.ts';
import { codeBlock, tableRows } from './support/tables.ts';

const page = await readFile(
  new URL('../docs/guides/events-and-webhooks.md', import.meta.url),
  'utf8',
);
const secret = 'a-secret-of-sixteen';
const body = '{"type":"first-viewer","name":"Tür"}';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'framehub-docs-'));
});
afterAll(() => rm(cwd, { recursive: true }));

const inNode = `${codeBlock(page, 'js', 'isGenuine')}
const [, header, body, secret] = process.argv;
console.log(isGenuine(header, Buffer.from(body), secret));
console.log(isGenuine(undefined, body, secret));`;

const inPython = `${codeBlock(page, 'python', 'is_genuine')}
import sys
header, body, secret = sys.argv[1:]
print(str(is_genuine(header, body.encode(), secret)).lower())
print(str(is_genuine(None, b"", secret)).lower())`;

describe.each([
  ['Node.js', process.execPath, ['--input-type=module', '-e', inNode]],
  ['Python', '/usr/bin/python3', ['-c', inPython]],
])('the check of a signature in %s', (_, program, argv) => {
  async function accepts(header: string, text = body, key = secret): Promise<boolean> {
    const separator = program === process.execPath ? ['--'] : [];
    const run = runProgram(program, [...argv, ...separator, header, text, key]);
    expect(await run.exited, run.stderr).toBe(0);
    const [given, none] = run.stdout.trim().split('\n');
    expect(none).toBe('false');
    return given === 'true';
  }
  const now = () => Math.floor(Date.now() / 1_000);

  it('takes what framehub signed', async () => {
    expect(await accepts(sign(body, secret, now()))).toBe(true);
  });

  it('refuses another body, another secret, an old message, and nonsense', async () => {
    expect(await accepts(sign(body, secret, now()), `${body} `)).toBe(false);
    expect(await accepts(sign(body, secret, now()), body, 'another-secret-16')).toBe(false);
    expect(await accepts(sign(body, secret, now() - 400))).toBe(false);
    expect(await accepts('t=1,v1=zz')).toBe(false);
  });
});

it('the settings on the page are right, and every message is described', async () => {
  await writeFile(
    join(cwd, 'framehub.yaml'),
    `${codeBlock(page, 'yaml', 'record: true')}\n${codeBlock(page, 'yaml', 'webhooks:')}`,
  );
  const command = await readConfig({ argv: [], env: {}, cwd });
  expect(command).toMatchObject({
    warnings: [],
    settings: {
      cameras: [{ id: 'front', record: true, detect: { detector: 'objects' } }],
      webhooks: [{ url: 'https://example.org/framehub', on: [...webhookTopics] }],
    },
  });
  expect(tableRows(page, 'type').map(([type]) => type)).toEqual([...webhookTopics]);
});
