import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import type { Faults } from './faults.ts';

const DEFAULT_NAME = 'framehub.yaml';
/** Thousands of cameras fit into it; more is another file given by mistake. */
const MAX_BYTES = 1024 * 1024;

export interface ConfigFile {
  /** As it was given, for messages. */
  readonly path: string;
  readonly text: string;
}

/**
 * The config file's text; undefined when none was asked for and there is no framehub.yaml, or when
 * it can't be read, which is a fault.
 */
export async function readConfigFile(
  path: string | undefined,
  cwd: string,
  faults: Faults,
): Promise<ConfigFile | undefined> {
  const asked = path ?? DEFAULT_NAME;
  try {
    return { path: asked, text: await readText(resolve(cwd, asked)) };
  } catch (thrown) {
    if (!(thrown instanceof Error)) throw thrown;
    const code = 'code' in thrown ? String(thrown.code) : '';
    if (path === undefined && code === 'ENOENT') return undefined;
    const reason = reasons[code] ?? thrown.message;
    faults.add(asked, `expected a config file, but ${reason}`);
    return undefined;
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
};

/** Also a pipe, as in `--config <(envsubst < framehub.yaml)`. */
async function readText(path: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of createReadStream(path)) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error('it is larger than 1 MB');
  }
  return Buffer.concat(chunks).toString('utf8');
}
