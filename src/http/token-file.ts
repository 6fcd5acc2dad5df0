import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FramehubError } from '../errors.ts';

export interface Tokens {
  readonly admin: string;
  readonly viewer: string;
}

/** 144 bits: 24 characters that need no escaping in a link. */
const TOKEN_BYTES = 18;
const OWNER_ONLY = 0o600;

/**
 * The tokens kept in `dataDir`, made at the first call. Readable by this user only.
 *
 * @throws CONFIG_INVALID when the folder can't be written or the file was damaged
 */
export async function keptTokens(dataDir: string): Promise<Tokens> {
  const file = join(dataDir, 'tokens.json');
  try {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text !== undefined) return parse(text, file);
    const tokens: Tokens = { admin: newToken(), viewer: newToken() };
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const draft = `${file}.${process.pid}`;
    await writeFile(draft, `${JSON.stringify(tokens, null, 2)}\n`, { mode: OWNER_ONLY });
    await rename(draft, file);
    return tokens;
  } catch (thrown) {
    if (thrown instanceof FramehubError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new FramehubError('CONFIG_INVALID', `The tokens can't be kept in ${dataDir}: ${reason}`, {
      help: 'Set "dataDir" to a folder this user can write to, or set "adminToken".',
      cause: thrown,
    });
  }
}

function parse(text: string, file: string): Tokens {
  try {
    const { admin, viewer }: Partial<Tokens> = JSON.parse(text);
    if (typeof admin === 'string' && admin && typeof viewer === 'string' && viewer) {
      return { admin, viewer };
    }
  } catch {
    // Answered below; the parser's message would quote the tokens.
  }
  throw new FramehubError('CONFIG_INVALID', `Expected "admin" and "viewer" tokens in ${file}.`, {
    help: 'Delete the file; new tokens are made at the next start.',
  });
}

function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}
