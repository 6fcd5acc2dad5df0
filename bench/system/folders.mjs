// @ts-check
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Of the checkout. */
export const projectDir = fileURLToPath(new URL('../..', import.meta.url));
/** Compiled programs and pictures, which may be deleted at any time. */
export const cacheDir = join(projectDir, 'node_modules/.cache/framehub/bench');
