import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type TestServer } from './support/server.ts';

const run = promisify(execFile);
const page = await readFile(new URL('../docs/reference/http.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text]) => text ?? '');
/** Commands that go on until somebody stops them. */
const endless = /(stream|annotated)\.mjpg|\/live|detections"$/;

let server: TestServer;
let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'framehub-docs-'));
  await copyFile(new URL('../assets/images/1.jpg', import.meta.url), join(cwd, 'picture.jpg'));
  const clip = ['-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=10:duration=1', 'clip.mp4'];
  await run('ffmpeg', ['-v', 'error', ...clip], { cwd });
  server = await startServer({
    cameras: { front: 'test:?size=160x120&fps=20', porch: 'push:' },
  });
});
afterAll(async () => {
  await server.close();
  await rm(cwd, { recursive: true });
});

/** Runs one command of the page with curl's own word on HTTP errors. */
async function answerTo(command: string): Promise<string> {
  const env = { ...process.env, FRAMEHUB: server.url };
  const strict = command
    .replaceAll('curl ', 'curl --fail-with-body ')
    .replace('ffmpeg ', 'ffmpeg -v error -y ');
  // FFmpeg looks at a stream for five seconds before it writes.
  const seconds = command.startsWith('ffmpeg') ? '8' : '2';
  const args = endless.test(command)
    ? ['-s', 'INT', seconds, 'sh', '-c', `exec ${strict}`]
    : ['20', 'sh', '-c', strict];
  const { stdout } = await run('timeout', args, { cwd, env }).catch(
    (error: { code?: number; stdout: string; stderr: string }) => {
      // 124: it was still at it when its time was over, as it is meant to.
      if (endless.test(command) && error.code === 124) return error;
      throw new Error(`${command}\n${error.stdout}${error.stderr}`);
    },
  );
  return stdout;
}

it('every command of the page works as it stands, one after the other', async () => {
  const commands = blocks
    .flatMap((text) =>
      text
        .replaceAll(/\\\n|(?<=\|)\n/g, ' ')
        .trim()
        .split('\n'),
    )
    .filter((command) => !command.startsWith('FRAMEHUB='));
  expect(commands.length).toBeGreaterThan(10);
  const answers = new Map<string, string>();
  for (const command of commands) answers.set(command, await answerTo(command));

  const answerOf = (part: string) =>
    [...answers].find(([command]) => command.includes(part))?.[1] ?? '';
  expect(JSON.parse(answerOf('--data-binary'))).toMatchObject({ camera: 'porch', accepted: 1 });
  expect(JSON.parse(answerOf('-T -'))).toMatchObject({ accepted: 10, rejected: 0 });
  expect(JSON.parse(answerOf('PATCH'))).toMatchObject({ name: 'Garage door' });
  expect(answerOf('snapshot.jpg')).toMatch(/^HTTP\/1\.1 200 OK\r\n.*etag: "\d+-\d+"/is);
  for (const file of ['front.multipart', 'front.mkv', 'front.jpg']) {
    expect((await stat(join(cwd, file))).size, file).toBeGreaterThan(1_000);
  }
});
