import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { emptyPicture, frameOf } from '../../../../test/support/frames.ts';
import { detectorContract } from '../../../detector.contract.ts';
import type { Detector } from '../../../detector.ts';
import type { Frame } from '../../../frame.ts';
import { execDetector, execName } from './exec-detector.ts';

let folder = '';
let picture: Buffer;
const opened: Detector[] = [];
const { signal } = new AbortController();
const box = { x: 0.1, y: 0.2, width: 0.3, height: 0.4 };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framehub-detect-'));
  picture = await emptyPicture();
});
afterEach(async () => {
  for (const detector of opened.splice(0)) await detector.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What every program here begins with: `each` is called with the header of each picture. */
const reader = `
  const each = (answer) => {
    let held = Buffer.alloc(0)
    process.stdin.on('data', (chunk) => {
      held = Buffer.concat([held, chunk])
      while (held.length > 4) {
        const start = 4 + held.readUInt32BE(0)
        if (held.length < start) return
        const header = JSON.parse(held.subarray(4, start))
        if (held.length < start + header.bytes) return
        const picture = held.subarray(start, start + header.bytes)
        held = held.subarray(start + header.bytes)
        answer(header, picture)
      }
    })
  }
  const box = ${JSON.stringify(box)}
  const say = (answer) => process.stdout.write(JSON.stringify(answer) + '\\n')
  const cat = (seq) => say({ seq, detections: [{ label: 'cat', score: 0.9, box }] })
`;

let scripts = 0;
async function program(script: string): Promise<string> {
  const path = join(folder, `detect ${scripts++}.mjs`);
  await writeFile(path, reader + script);
  return `"${process.execPath}" "${path}"`;
}

async function detectorOf(script: string, timeout = 5_000, firstTimeout = 10_000) {
  const detector = execDetector({ command: await program(script), timeout, firstTimeout });
  opened.push(detector);
  return detector;
}

const frame = (seq: number): Frame => frameOf(picture, seq);
const look = (detector: Detector, seq: number) => detector.detect(frame(seq), signal);

async function failureOf(detector: Detector, seq = 1): Promise<unknown> {
  return await look(detector, seq).catch((error: unknown) => error);
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

detectorContract('exec:', async () => {
  const log = join(folder, 'pids.txt');
  const command = await program(`
    import { appendFileSync } from 'node:fs'
    appendFileSync(${JSON.stringify(log)}, process.pid + '\\n')
    each(({ seq }) => {
      if (seq === 13) process.exit(3)
      if (seq === 7) say({ seq, detections: [] })
      else cat(seq)
    })
  `);
  return {
    open: () => execDetector({ command, timeout: 5_000 }),
    frames: [frame(1), frame(2)],
    label: 'cat',
    empty: [frame(7)],
    failing: { frame: frame(13), code: 'DETECTOR_FAILED' },
    leftovers: async () => {
      const pids = (await readFile(log, 'utf8').catch(() => '')).split('\n').filter(Boolean);
      return pids.filter((pid) => isThere(Number(pid))).map((pid) => `process ${pid}`);
    },
  };
});

describe('exec:', () => {
  it('tells the program all about the picture, and gives it the same bytes', async () => {
    const detector = await detectorOf(`
      import { createHash } from 'node:crypto'
      each((header, picture) => say({
        seq: header.seq,
        detections: [{ label: JSON.stringify(header).slice(0, 64), score: 1, box },
                     { label: createHash('md5').update(picture).digest('hex'), score: 0.5, box }],
      }))
    `);
    const { createHash } = await import('node:crypto');
    const [header, hash] = await look(detector, 5);
    expect(header?.label).toContain(
      '{"camera":"front","seq":5,"capturedAt":1700000001000,"width":640',
    );
    expect(hash?.label).toBe(createHash('md5').update(picture).digest('hex'));
  });

  it('uses one run of the program for many pictures', async () => {
    const detector = await detectorOf(`
      each(({ seq }) => say({ seq, detections: [{ label: String(process.pid), score: 1, box }] }))
    `);
    const pids = [];
    for (let seq = 1; seq <= 20; seq += 1) pids.push((await look(detector, seq))[0]?.label);
    expect(new Set(pids).size).toBe(1);
  });

  it('gives it one picture at a time, and each camera its answer', async () => {
    const detector = await detectorOf(`
      let busy = 0
      each(({ seq, camera }) => {
        busy += 1
        setTimeout(() => {
          say({ seq, detections: [{ label: camera + busy, score: 1, box }] })
          busy -= 1
        }, 20)
      })
    `);
    const cameras = ['front', 'back', 'roof'];
    const answers = await Promise.all(
      cameras.map((camera, index) => detector.detect({ ...frame(index), camera }, signal)),
    );
    expect(answers.map(([found]) => found?.label)).toEqual(['front1', 'back1', 'roof1']);
  });

  it('what it writes to its standard error is nobody’s answer', async () => {
    const detector = await detectorOf(`each(({ seq }) => { console.error('thinking'); cat(seq) })`);
    expect(await look(detector, 1)).toHaveLength(1);
  });

  it('may say that one picture was too much for it, and goes on', async () => {
    const detector = await detectorOf(`
      each(({ seq }) => seq === 1
        ? say({ seq, error: 'no idea, password=geheim' })
        : say({ seq, detections: [{ label: String(process.uptime() > 0), score: 1, box }] }))
    `);
    const failure = await failureOf(detector);
    expect(failure).toMatchObject({ code: 'DETECTOR_FAILED' });
    expect(String(failure)).toContain('no idea, password=***');
    expect(await look(detector, 2)).toHaveLength(1);
  });

  it('one that hangs is ended in time, and started again', async () => {
    const detector = await detectorOf(
      `process.on('SIGTERM', () => {}); each(({ seq }) => { if (seq !== 2) cat(seq) })`,
      200,
    );
    await look(detector, 1);
    const askedAt = performance.now();
    expect(await failureOf(detector, 2)).toMatchObject({
      code: 'DETECTOR_TIMEOUT',
      message: expect.stringContaining('within 0.2 s'),
    });
    expect(performance.now() - askedAt).toBeLessThan(1_000);
    expect(await look(detector, 3)).toHaveLength(1);
  });

  it('one that is stopped is ended as well', async () => {
    const detector = await detectorOf(
      `each(({ seq }) => { cat(seq); if (seq === 1) process.kill(process.pid, 'SIGSTOP') })`,
      300,
    );
    await look(detector, 1);
    expect(await failureOf(detector, 2)).toMatchObject({ code: 'DETECTOR_TIMEOUT' });
    expect(await look(detector, 3)).toHaveLength(1);
  });

  it('gives it more time for its first picture', async () => {
    const detector = await detectorOf(`setTimeout(() => each(({ seq }) => cat(seq)), 500)`, 200);
    expect(await look(detector, 1)).toHaveLength(1);
  });

  it.each([
    [
      'that is no JSON',
      `process.stdout.write('Loading model…\\n')`,
      'Expected a line of JSON; got "Loading model…"',
    ],
    ['that is a number', `say(42)`, 'Expected an object'],
    [
      'for another picture',
      `cat(seq + 1)`,
      'Expected the answer for the picture with "seq" 2; got "3"',
    ],
    ['for no picture', `say({ detections: [] })`, '"seq" 2; got none'],
    ['without detections', `say({ seq })`, 'Expected a list of detections; got undefined'],
    [
      'in pixels',
      `say({ seq, detections: [{ label: 'cat', score: 1, box: { ...box, x: 320 } }] })`,
      'fractions',
    ],
    [
      'without end',
      `const more = () => { while (process.stdout.write('x'.repeat(65536))); }; process.stdout.on('drain', more); more()`,
      'at most 256 KB',
    ],
  ])(
    'an answer %s is refused with a reason, and the program started again',
    async (_, bad, words) => {
      const detector = await detectorOf(
        `each(({ seq }) => { if (seq === 2) { ${bad} } else say({ seq, detections: [{ label: String(process.pid), score: 1, box }] }) })`,
      );
      const [before] = await look(detector, 1);
      const failure = await failureOf(detector, 2);
      expect(failure).toMatchObject({ code: 'DETECTOR_INVALID' });
      expect(String(failure)).toContain(words);
      const [after] = await look(detector, 3);
      expect(after?.label).not.toBe(before?.label);
      expect(isThere(Number(before?.label))).toBe(false);
    },
  );

  it('one that says more than it was asked is refused', async () => {
    const detector = await detectorOf(`
      each(({ seq }) => {
        const line = JSON.stringify({ seq, detections: [] }) + '\\n'
        process.stdout.write(seq === 1 ? line + line : line)
      })
    `);
    expect(await look(detector, 1)).toEqual([]);
    expect(await failureOf(detector, 2)).toMatchObject({
      code: 'DETECTOR_INVALID',
      message: expect.stringContaining('Expected one line for each picture'),
    });
    expect(await look(detector, 3)).toEqual([]);
  });

  it('one that crashes between two pictures is told with the last thing it said', async () => {
    const detector = await detectorOf(`
      each(({ seq }) => {
        cat(seq)
        if (seq === 1) setTimeout(() => { console.error('no memory for token=abc'); process.exit(9) }, 20)
      })
    `);
    await look(detector, 1);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await failureOf(detector, 2)).toMatchObject({
      code: 'DETECTOR_FAILED',
      message: expect.stringMatching(/exit code 9\. It says: no memory for token=\*\*\*$/),
    });
    expect(await look(detector, 3)).toHaveLength(1);
  });

  it('says the error of a Node.js or Python program, not where it was', async () => {
    const detector = await detectorOf(`throw new Error('no such model')`);
    expect(await failureOf(detector)).toMatchObject({
      message: expect.stringContaining('It says: Error: no such model'),
    });
  });

  it('a program that is not there is told so', async () => {
    const detector = execDetector({ command: '/nonexistent/detect --fast', timeout: 1_000 });
    opened.push(detector);
    expect(await failureOf(detector)).toMatchObject({
      code: 'COMMAND_MISSING',
      message: 'Expected the program "/nonexistent/detect", but it is not there.',
    });
  });

  it('a command that is none is refused before anything runs', () => {
    const open = () => execDetector({ command: 'python3 "detect.py', timeout: 1_000 });
    expect(open).toThrow(expect.objectContaining({ code: 'DETECT_INVALID' }));
  });

  it.each([
    ['python3 -u /opt/detect.py --fast', 'detect.py'],
    ['/usr/bin/env python3 "my detector.py"', 'my detector.py'],
    ['./detect', 'detect'],
    ['node', 'node'],
  ])('is called by its program: %s is %s', (command, name) => {
    expect(execName(command)).toBe(name);
  });
});
