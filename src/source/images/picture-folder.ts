import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FramehubError } from '../../errors.ts';

const byName = new Intl.Collator('en', { numeric: true });

/**
 * Paths of the JPEG files in a folder (`.jpg`, `.jpeg`), in name order with numbers as numbers; at
 * least one. Throws SOURCE_NOT_FOUND when there is no such folder, or no such file in it.
 */
export async function listPictures(folder: string): Promise<string[]> {
  const names = (await namesIn(folder)).filter((name) => /\.jpe?g$/i.test(name));
  if (names.length === 0) {
    throw new FramehubError(
      'SOURCE_NOT_FOUND',
      `Expected JPEG files (.jpg or .jpeg) in the folder ${folder}, but it holds none.`,
      { help: 'Put pictures into the folder, or name another one.' },
    );
  }
  return names.sort(byName.compare).map((name) => join(folder, name));
}

/** A file's bytes; undefined when it is gone. Throws PICTURE_TOO_LARGE before taking memory for it. */
export async function readPicture(path: string, maxBytes: number): Promise<Buffer | undefined> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      if (size <= maxBytes) return await file.readFile();
      throw new FramehubError(
        'PICTURE_TOO_LARGE',
        `Expected at most ${maxBytes} bytes a picture, but ${path} has ${size}.`,
      );
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw failure(path, error);
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map(({ name }) => name);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      throw new FramehubError(
        'SOURCE_NOT_FOUND',
        `Expected a folder at ${folder}, but there is none.`,
      );
    }
    if (codeOf(error) === 'ENOTDIR') {
      throw new FramehubError(
        'SOURCE_NOT_FOUND',
        `Expected a folder at ${folder}, but it is a file.`,
      );
    }
    throw failure(folder, error);
  }
}

function failure(path: string, cause: unknown): FramehubError {
  if (cause instanceof FramehubError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new FramehubError('SOURCE_FAILED', `Expected to read ${path}, but: ${why}`, {
    help: 'Check that this user may read the folder and its files.',
    cause,
  });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
