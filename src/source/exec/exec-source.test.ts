import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testPictures } from '../../../test/support/virtual-camera.ts';
import { sourceContract, take } from '../../source.contract.ts';
import type { Source } from '../../source.ts';
import { execSource } from './exec-source.ts';

const context = { camera: 'front', ffmpeg: 'ffmpeg', maxPictureBytes: 200_000 };
let folder = '';
let pictures: Buffer[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framehub-exec-'));
  pictures = await testPictures(30, 64, 48);
  await writeFile(join(folder, 'all.json'), JSON.stringify(pictures.map((p) => p.toString('hex'))));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let scripts = 0;
/** A source that runs a Node.js program; it knows `pictures`, and `give` writes them in turn. */
async function program(script: string): Promise<Source> {
  const path = join(folder, `program ${scripts++}.mjs`);
  const before = `
    import { readFileSync } from 'node:fs'
    const pictures = JSON.parse(readFileSync(${JSON.stringify(join(folder, 'all.json'))}, 'utf8')).map((hex) => Buffer.from(hex, 'hex'))
    const give = (wrap, ms = 20) => { let n = 0; setInterval(() => process.stdout.write(wrap(pictures[n++ % pictures.length])), ms) }
  `;
  await writeFile(path, before + script);
  return execSource.open(`exec:"${process.execPath}" "${path}"`, context);
}

async function failureOf(source: Source): Promise<unknown> {
  try {
    for await (const _ of source.frames(new AbortController().signal, 1));
  } catch (error) {
    return error;
  }
  return undefined;
}

sourceContract('exec:', async () => {
  const own = await mkdtemp(join(tmpdir(), 'framehub-exec-'));
  const shown = await testPictures(30, 64, 48);
  const path = join(own, 'camera.mjs');
  const list = JSON.stringify(shown.map((picture) => picture.toString('hex')));
  await writeFile(
    path,
    `const pictures = ${list}; let n = 0
     setInterval(() => process.stdout.write(Buffer.from(pictures[n++ % 30], 'hex')), 30)`,
  );
  const node = `exec:"${process.execPath}"`;
  return {
    open: () => execSource.open(`${node} "${path}"`, context),
    placeOf: ({ data }) => shown.findIndex((picture) => picture.equals(data)),
    failing: {
      open: () =>
        execSource.open(
          `${node} -e "console.error('can not use password=geheim'); process.exit(3)"`,
          context,
        ),
      code: 'COMMAND_FAILED',
    },
    secrets: ['geheim'],
    close: () => rm(own, { recursive: true, force: true }),
  };
});

it.each([
  ['JPEG pictures one after the other', '(p) => p'],
  [
    'multipart',
    `(p) => Buffer.concat([Buffer.from('--edge\\r\\nContent-Type: image/jpeg\\r\\nContent-Length: ' + p.length + '\\r\\n\\r\\n'), p, Buffer.from('\\r\\n')])`,
  ],
  [
    'multipart without lengths, after an empty line',
    `(p) => Buffer.concat([Buffer.from('\\r\\n--edge\\r\\nContent-Type: image/jpeg\\r\\n\\r\\n'), p])`,
  ],
])('a command may write %s', async (_, wrap) => {
  const got = await take(await program(`give(${wrap})`), 3);
  for (const { data } of got) {
    expect(pictures.some((picture) => picture.equals(data))).toBe(true);
  }
});

it.each([
  ['at once', 'writeSync(1, Buffer.concat(pictures))'],
  [
    'in three goes, one right after the other',
    'for (const at of [0, 10, 20]) writeSync(1, Buffer.concat(pictures.slice(at, at + 10)))',
  ],
])('a loop that keeps up gets every picture, also of those written %s', async (_, script) => {
  const source = await program(`import { writeSync } from 'node:fs'; ${script}`);
  const got: Buffer[] = [];
  const reading = (async () => {
    for await (const { data } of source.frames(new AbortController().signal, 1)) got.push(data);
  })();
  await expect(reading).rejects.toMatchObject({ code: 'SOURCE_ENDED' });
  expect(got).toEqual(pictures);
});

it('a slow loop gets the newest picture, not the oldest', async () => {
  const source = await program('give((p) => p, 10)');
  const abort = new AbortController();
  const places: number[] = [];
  for await (const { data } of source.frames(abort.signal, 1)) {
    places.push(pictures.findIndex((picture) => picture.equals(data)));
    if (places.length === 2) abort.abort();
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  const [first = 0, second = 0] = places;
  expect(second - first).toBeGreaterThan(3);
});

describe('says why there are no pictures:', () => {
  it('the program is missing', async () => {
    const source = execSource.open('exec:/nonexistent/rpicam-vid -t 0', context);
    expect(await failureOf(source)).toMatchObject({
      code: 'COMMAND_MISSING',
      message: expect.stringContaining('/nonexistent/rpicam-vid'),
    });
  });

  it('the file is no program', async () => {
    const path = join(folder, 'all.json');
    expect(await failureOf(execSource.open(`exec:"${path}"`, context))).toMatchObject({
      code: 'COMMAND_MISSING',
    });
  });

  it('the command complained and gave up', async () => {
    const source = await program(`
      console.error('starting'); console.error('ERROR: no cameras available'); process.exit(255)`);
    expect(await failureOf(source)).toMatchObject({
      code: 'COMMAND_FAILED',
      message: expect.stringMatching(/exit code 255.*ERROR: no cameras available/),
    });
  });

  it('the command was killed', async () => {
    const source = await program(`process.kill(process.pid, 'SIGKILL')`);
    expect(await failureOf(source)).toMatchObject({
      code: 'COMMAND_FAILED',
      message: expect.stringContaining('SIGKILL'),
    });
  });

  it('the command ended without a picture', async () => {
    const source = await program(`process.stdout.write('hello')`);
    expect(await failureOf(source)).toMatchObject({ code: 'SOURCE_NOT_PICTURES' });
  });

  it('the command writes something else without end', async () => {
    const source = await program(`
      const more = () => { while (process.stdout.write(Buffer.alloc(65536, 65))) ; }
      process.stdout.on('drain', more); more()`);
    expect(await failureOf(source)).toMatchObject({ code: 'SOURCE_NOT_PICTURES' });
  });

  it('a picture is larger than allowed', async () => {
    const source = await program(`
      process.stdout.write(Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100000100010000ffda000801010000003f00'.padEnd(64, '0'), 'hex'), Buffer.alloc(300_000, 7)]))
      setInterval(() => {}, 1000)`);
    expect(await failureOf(source)).toMatchObject({ code: 'PICTURE_TOO_LARGE' });
  });
});

it('an argument no program can be given is told without showing it', async () => {
  const source = execSource.open('exec:cat rtsp://u:geheim@h/\0', context);
  expect(await failureOf(source)).toMatchObject({
    code: 'COMMAND_FAILED',
    message: expect.not.stringContaining('geheim'),
  });
});

it.each(['exec:', 'exec:  ', 'exec:""', 'exec:"open'])('%s is refused', (text) => {
  expect(() => execSource.open(text, context)).toThrow(
    expect.objectContaining({ name: 'FramehubError', code: 'SOURCE_INVALID' }),
  );
});

it('nothing in the command is given to a shell', async () => {
  const source = execSource.open(
    `exec:"${process.execPath}" -e "console.error(process.argv[1]); process.exit(1)" "$HOME;exit"`,
    context,
  );
  expect(await failureOf(source)).toMatchObject({ message: expect.stringContaining('$HOME;exit') });
});

it('runs with what the operator may do, so it is local', () => {
  expect(execSource.isLocal('exec:cat x')).toBe(true);
});
