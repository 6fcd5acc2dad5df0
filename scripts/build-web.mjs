import { rm } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Builds what a browser gets: the page (hashed names, relative addresses, so that it works under
 * any path) and the player alone as one file, which the page loads like any other page would.
 *
 * @param {string} outDir default `dist/web`
 */
export async function buildWeb(outDir = join(root, 'dist/web')) {
  await rm(outDir, { recursive: true, force: true });
  const common = {
    configFile: false,
    base: './',
    logLevel: 'warn',
    publicDir: false,
  };
  const output = { outDir, emptyOutDir: false, target: 'es2022', modulePreload: false };
  await build({
    ...common,
    root: join(root, 'web/page'),
    // A data: address of the icon would be an inline image in every page; keep files as files.
    build: { ...output, assetsInlineLimit: 0 },
  });
  await build({
    ...common,
    root: join(root, 'web/live-camera'),
    build: {
      ...output,
      rolldownOptions: {
        input: join(root, 'web/live-camera/index.ts'),
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: 'live-camera.js' },
      },
    },
  });
  return outDir;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const outDir = await buildWeb();
  console.log(`web → ${relative(process.cwd(), outDir)}`);
}
