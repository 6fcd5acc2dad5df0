// npm run verify -- --only package: what npm would publish works for somebody who installs it.
// It is packed, and unpacked into an application that has its dependencies and nothing else.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { projectDir } from './files.mjs';

const { version, bin, dependencies } = JSON.parse(
  readFileSync(join(projectDir, 'package.json'), 'utf8'),
);

const files = {
  'package.json': '{ "type": "module" }',
  'types.ts': `
    import { createFramehub, type Framehub } from 'framehub';
    const framehub: Framehub = await createFramehub({ cameras: { front: 'demo:' } });
    // @ts-expect-error: were the types lost on the way, this would be no error.
    framehub.noSuchMethod();
    export const ids: readonly string[] = framehub.cameras().map((camera) => camera.id);`,
  'run.js': `
    import { existsSync } from 'node:fs';
    import { fileURLToPath } from 'node:url';
    import { createFramehub } from 'framehub';
    const framehub = await createFramehub({ cameras: { front: 'demo:' } });
    const { width } = await framehub.snapshot('front');
    await framehub.close();
    const player = fileURLToPath(import.meta.resolve('framehub/live-camera'));
    if (!(width > 0) || !existsSync(player)) throw new Error('The installed package does not work.');`,
};

const resolutions = [
  ['--module', 'NodeNext'],
  ['--module', 'ESNext', '--moduleResolution', 'Bundler'],
];

const application = mkdtempSync(join(tmpdir(), 'framehub-package-'));
try {
  check();
} catch ({ message, stdout, stderr }) {
  console.error(`${message}\n${stdout ?? ''}${stderr ?? ''}`);
  process.exitCode = 1;
} finally {
  rmSync(application, { recursive: true, force: true });
}

function check() {
  const installed = join(application, 'node_modules/framehub');
  mkdirSync(installed, { recursive: true });
  // Without scripts: `prepack` would build again.
  run('npm', ['pack', '--ignore-scripts', '--pack-destination', application], projectDir);
  const archive = join(application, `framehub-${version}.tgz`);
  run('tar', ['-xzf', archive, '--strip-components=1', '-C', installed]);
  for (const name of [...Object.keys(dependencies), '@types/node']) {
    const link = join(application, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(projectDir, 'node_modules', name), link, 'junction');
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(application, name), text);

  const tsc = join(projectDir, 'node_modules/typescript/bin/tsc');
  for (const resolution of resolutions) {
    const options = ['--noEmit', '--strict', '--target', 'ES2022', '--types', 'node'];
    run(process.execPath, [tsc, ...options, ...resolution, 'types.ts']);
  }
  run(process.execPath, ['run.js']);
  const printed = run(join(installed, bin.framehub), ['--version']);
  if (!printed.includes(version)) throw new Error(`framehub --version printed ${printed}`);
}

/** Throws, with all it printed, when the command fails. */
function run(command, args, cwd = application) {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
