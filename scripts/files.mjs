import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the checkout, without a trailing slash. */
export const projectDir = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

/** Where scripts keep what may be deleted at any time. */
export const cacheDir = join(projectDir, 'node_modules/.cache/framehub');

const skipped = new Set(['node_modules', 'dist', '.git']);

/** All files below `dir`, as paths relative to `root` with forward slashes, in name order. */
export function filesBelow(dir, root = projectDir) {
  const found = [];
  for (const entry of readdirSync(join(root, dir), { withFileTypes: true })) {
    if (skipped.has(entry.name)) continue;
    const path = dir === '.' ? entry.name : `${dir}/${entry.name}`;
    if (entry.isDirectory()) found.push(...filesBelow(path, root));
    else if (entry.isFile()) found.push(path);
  }
  return found.sort();
}
