import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from '../config.ts';
import type { DetectSettings } from '../settings/detect.ts';

const cwd = await mkdtemp(join(tmpdir(), 'framehub-detect-config-'));
afterAll(() => rm(cwd, { recursive: true }));

/** What each camera gets, by id. */
async function read(argv: readonly string[], yaml = '') {
  await writeFile(join(cwd, 'framehub.yaml'), yaml);
  const command = await readConfig({ argv, env: {}, cwd });
  if (command.command !== 'serve') throw new Error('expected serve');
  return Object.fromEntries(command.settings.cameras.map(({ id, detect }) => [id, detect]));
}

async function ofFront(detect: string): Promise<DetectSettings | undefined> {
  const yaml = `cameras:\n  front:\n    source: webcam:0\n    detect: ${detect}`;
  return (await read([], yaml))['front'];
}

async function faultsOf(argv: readonly string[], yaml = ''): Promise<string[]> {
  const failure: unknown = await read(argv, yaml).catch((error: unknown) => error);
  return failure instanceof Error ? failure.message.split('\n') : ['no failure'];
}

describe('"detect" of a camera', () => {
  it.each([
    'motion',
    'objects',
    'auto',
    'exec:python3 -u detect.py',
    'http://127.0.0.1:8000/detect',
    'https://me:secret@10.0.0.9/',
  ])('is a detector: %s', async (detector) => {
    expect(await ofFront(detector)).toEqual({ detector });
  });

  it('is a map with all there is to say', async () => {
    const detect = await ofFront(`
      detector: objects
      fps: 2.5
      labels: [person, dog]
      minScore: 0.6
      sensitivity: 80
      timeout: 2s
      zones:
        door: [[0, 0.5], [0.5, 0.5], [0.5, 1]]
        the path: [[0.5, 0.5], [1, 0.5], [1, 1], [0.5, 1]]
      mask:
        - [[0, 0], [1, 0], [1, 0.1]]
        - [[0, 0.9], [1, 0.9], [1, 1]]
      model: { path: ./own.onnx, labels: ./own.json, width: 320, height: 240 }`);
    expect(detect).toEqual({
      detector: 'objects',
      fps: 2.5,
      labels: ['person', 'dog'],
      minScore: 0.6,
      sensitivity: 80,
      timeout: 2_000,
      zones: {
        door: [
          [0, 0.5],
          [0.5, 0.5],
          [0.5, 1],
        ],
        'the path': [
          [0.5, 0.5],
          [1, 0.5],
          [1, 1],
          [0.5, 1],
        ],
      },
      mask: [
        [
          [0, 0],
          [1, 0],
          [1, 0.1],
        ],
        [
          [0, 0.9],
          [1, 0.9],
          [1, 1],
        ],
      ],
      model: { path: './own.onnx', labels: './own.json', width: 320, height: 240 },
    });
  });

  it('takes one area as the mask, and a path as the model', async () => {
    const detect = await ofFront(
      '{detector: auto, mask: [[0, 0], [1, 0], [1, 0.1]], model: /opt/own.onnx}',
    );
    expect(detect).toEqual({
      detector: 'auto',
      mask: [
        [
          [0, 0],
          [1, 0],
          [1, 0.1],
        ],
      ],
      model: { path: '/opt/own.onnx' },
    });
  });

  it.each([
    ['cats', '4:13: detect: expected motion, objects, auto, exec: and a command'],
    ['exec:', 'must be in quotes'],
    ['"exec:"', '4:13: detect: expected motion'],
    [`'exec:python3 "a'`, 'got "exec:python3 \\"a"'],
    ['5', '4:13: detect: expected'],
    ['{fps: 5}', '4:5: "detect" has no "detector"'],
    ['{detector: motion, fps: 0}', '4:37: fps: expected a number from 0.01 to 60, got 0'],
    ['{detector: motion, fsp: 5}', '4:32: "detect" has no "fsp"; did you mean "fps"?'],
    ['{detector: motion, minScore: 60}', 'minScore: expected a number from 0 to 1, got 60'],
    ['{detector: motion, sensitivity: 0}', 'sensitivity: expected a whole number from 1 to 100'],
    ['{detector: motion, timeout: 5}', 'it has no unit: write 5s'],
    ['{detector: motion, labels: [5]}', 'labels: expected labels'],
    ['{detector: motion, zones: [[0, 0]]}', 'zones: expected names and areas'],
    [
      '{detector: motion, zones: {door: [[0, 0], [1, 1]]}}',
      '4:46: the zone "door": expected an area of three or more points',
    ],
    [
      '{detector: motion, zones: {door: [[0, 0], [1, 1], [2, 0]]}}',
      'in fractions of the picture, 0 to 1',
    ],
    ['{detector: motion, zones: {door: [[0, 0], [1, 1], [x, 0]]}}', 'the zone "door"'],
    ['{detector: motion, zones: {"d/o": [[0, 0], [1, 1], [1, 0]]}}', 'expected a name of a zone'],
    ['{detector: motion, mask: everything}', 'mask: expected an area'],
    ['{detector: motion, mask: [[[0, 0], [1, 0]]]}', 'mask: expected an area'],
    ['{detector: objects, model: {labels: a.json}}', 'the model has no "path"'],
    ['{detector: objects, model: {path: a, size: 3}}', 'a model has no "size"'],
    [
      '{detector: objects, model: {path: a, width: 3}}',
      'width: expected a whole number from 16 to 4096',
    ],
  ])('%s is refused with its place, what was expected and what came', async (detect, words) => {
    const yaml = `cameras:\n  front:\n    source: webcam:0\n    detect: ${detect}`;
    const faults = (await faultsOf([], yaml)).join('\n');
    expect(faults).toContain('framehub.yaml:4:');
    expect(faults).toContain(words);
  });

  it('shows no password in what it says', async () => {
    const yaml = 'cameras: {a: {source: "demo:", detect: "htp://me:hunter2@host/"}}';
    expect((await faultsOf([], yaml)).join()).toMatch(/htp:\/\/me:\*\*\*@host/);
  });
});

describe('--detect', () => {
  it('is for the cameras of the command line, and leaves those of the file alone', async () => {
    const yaml = 'cameras: {roof: {source: webcam:1, detect: motion}}';
    expect(await read(['front=webcam:0', '--detect', 'objects'], yaml)).toEqual({
      roof: { detector: 'motion' },
      front: { detector: 'objects' },
    });
  });

  it('is for the demo camera when there is no other', async () => {
    expect(await read(['--detect', 'motion'])).toEqual({ demo: { detector: 'motion' } });
    expect(await read([])).toEqual({ demo: { detector: 'auto' } });
  });

  it('a camera given anew on the command line keeps the detector of the file', async () => {
    const yaml = 'cameras: {front: {source: webcam:1, detect: motion}}';
    expect(await read(['front=webcam:0'], yaml)).toEqual({ front: { detector: 'motion' } });
  });

  it.each([
    [['webcam:0', '--detect', 'cats'], '--detect: expected motion, objects'],
    [['webcam:0', '--detect'], '--detect: expected motion, objects'],
    [['webcam:0', '--detcet', 'motion'], 'did you mean --detect?'],
  ])('%j is refused', async (argv, words) => {
    expect((await faultsOf(argv)).join('\n')).toContain(words);
  });

  it('without a camera it could be for is refused', async () => {
    const yaml = 'cameras: {front: webcam:1}';
    expect((await faultsOf(['--detect', 'motion'], yaml)).join()).toContain(
      '--detect: expected a camera',
    );
  });
});
