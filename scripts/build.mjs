// npm run build: the server into dist/, the web app into dist/web/. Does nothing when everything it
// is made of is as it was at the last build; `--clean` builds anyway.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheDir, filesBelow, projectDir } from './files.mjs';

const stamp = join(cacheDir, 'built');
const command = join(projectDir, 'dist/cli.js');

function fingerprint() {
  const files = [
    ...['src', 'web', 'scripts'].flatMap((dir) => filesBelow(dir)),
    ...['package-lock.json', 'package.json', 'tsconfig.base.json', 'tsconfig.build.json'],
  ];
  const hash = createHash('sha256').update(process.version);
  for (const file of files.filter((path) => !path.includes('.test.'))) {
    const { mtimeMs, size } = statSync(join(projectDir, file));
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}

/** Runs a Node program of the project; its output is shown only when it fails. */
function run(file, ...args) {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [file, ...args], {
    cwd: projectDir,
    encoding: 'utf8',
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  if (status === 0) return;
  console.error(`${stdout}${stderr}${error ?? ''}\nThe build failed in: ${file} ${args.join(' ')}`);
  process.exit(1);
}

const made = fingerprint();
const isCurrent = existsSync(command) && existsSync(stamp) && readFileSync(stamp, 'utf8') === made;

if (!isCurrent || process.argv.includes('--clean')) {
  rmSync(stamp, { force: true });
  rmSync(join(projectDir, 'dist'), { recursive: true, force: true });
  run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json');
  chmodSync(command, 0o755);
  cpSync(join(projectDir, 'src/events/migrations'), join(projectDir, 'dist/events/migrations'), {
    recursive: true,
  });
  run('scripts/build-web.mjs');
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, made);
}
