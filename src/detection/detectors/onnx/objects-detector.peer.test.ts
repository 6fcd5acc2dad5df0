import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { emptyPicture, frameOf } from '../../../../test/support/frames.ts';
import { demoPictures } from '../../../../test/support/jpegs.ts';
import { ownChildren } from '../../../../test/support/processes.ts';
import { until } from '../../../../test/support/until.ts';
import { detectorContract } from '../../../detector.contract.ts';
import type { Detector } from '../../../detector.ts';
import { MotionDetector } from '../motion/motion-detector.ts';
import { objectsDetector } from './objects-detector.ts';

const { signal } = new AbortController();
const [people = Buffer.alloc(0)] = demoPictures();
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function workers() {
  return (await ownChildren()).filter(({ command }) => command.includes('onnx/worker.js'));
}

function opened(detector: Detector): Detector {
  closing.push(() => detector.close());
  return detector;
}

detectorContract('objects', async () => ({
  open: () => objectsDetector(undefined, 5_000),
  frames: [frameOf(people, 1)],
  label: 'person',
  empty: [frameOf(await emptyPicture(), 1)],
  failing: {
    frame: { ...frameOf(people, 9), data: Buffer.from('no picture at all') },
    code: 'DETECTOR_FAILED',
  },
  leftovers: async () => (await workers()).map(({ pid }) => `process ${pid}`),
}));

describe('objects', () => {
  it('sees three people and two parked vans, in a process of its own', async () => {
    const detector = opened(objectsDetector(undefined, 5_000));
    const found = await detector.detect(frameOf(people, 1), signal);
    const sure = found.filter(({ score }) => score > 0.5).map(({ label }) => label);
    expect(sure.sort()).toEqual(['car', 'car', 'person', 'person', 'person']);
    expect(await workers()).toHaveLength(1);
  });

  it('a crash is told once; the next picture starts it again', async () => {
    const detector = opened(objectsDetector(undefined, 5_000));
    await detector.detect(frameOf(people, 1), signal);
    const [worker] = await workers();
    process.kill(worker?.pid ?? 0, 'SIGKILL');
    await until('its end', async () => (await workers()).length === 0);
    const failure = await until('the failure', () =>
      detector.detect(frameOf(people, 2), signal).then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
    expect(failure).toMatchObject({
      code: 'DETECTOR_FAILED',
      message: '"objects" ended by the signal SIGKILL. It gave no reason.',
    });
    expect(await detector.detect(frameOf(people, 3), signal)).not.toEqual([]);
  });

  it('a model that is not there is told', async () => {
    const detector = opened(objectsDetector({ path: '/nonexistent/own.onnx' }, 5_000));
    await expect(detector.detect(frameOf(people, 1), signal)).rejects.toMatchObject({
      code: 'DETECTOR_FAILED',
      message: expect.stringContaining('/nonexistent/own.onnx'),
    });
  });

  it('takes another model of its family, with labels of its own', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'framehub-model-'));
    closing.push(() => rm(folder, { recursive: true }));
    const labels = join(folder, 'labels.json');
    await writeFile(labels, JSON.stringify(['Mensch']));
    const path = fileURLToPath(
      new URL('../../../../assets/models/ssdlite-mobilenet-v2-coco.onnx', import.meta.url),
    );
    const detector = opened(objectsDetector({ path, labels, width: 300, height: 300 }, 5_000));
    const found = await detector.detect(frameOf(people, 1), signal);
    expect(new Set(found.map(({ label }) => label))).toEqual(new Set(['Mensch']));
  });
});

describe('without the optional package', () => {
  /** The build in a folder that has all packages but onnxruntime-node. */
  async function bareDetectors(): Promise<{ objects: Detector; auto: Detector }> {
    const root = fileURLToPath(new URL('../../../../', import.meta.url));
    const bare = await mkdtemp(join(tmpdir(), 'framehub-bare-'));
    closing.push(() => rm(bare, { recursive: true }));
    await cp(join(root, 'dist'), join(bare, 'dist'), { recursive: true });
    await writeFile(join(bare, 'package.json'), await readFile(join(root, 'package.json')));
    await symlink(join(root, 'assets'), join(bare, 'assets'));
    await mkdir(join(bare, 'node_modules'));
    for (const name of await readdir(join(root, 'node_modules'))) {
      if (name === 'onnxruntime-node') continue;
      await symlink(join(root, 'node_modules', name), join(bare, 'node_modules', name));
    }
    const folder = join(bare, 'dist/detection/detectors');
    const onnx: typeof import('./objects-detector.ts') = await import(
      join(folder, 'onnx/objects-detector.js')
    );
    const auto: typeof import('../auto/auto-detector.ts') = await import(
      join(folder, 'auto/auto-detector.js')
    );
    const motion = new MotionDetector({ sensitivity: 50, mask: [] });
    return {
      objects: opened(onnx.objectsDetector(undefined, 5_000)),
      auto: opened(new auto.AutoDetector(onnx.objectsDetector(undefined, 5_000), motion)),
    };
  }

  it('"objects" says what to install', async () => {
    const { objects } = await bareDetectors();
    const failure: unknown = await objects
      .detect(frameOf(people, 1), signal)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'DETECTOR_MISSING',
      help: expect.stringContaining('npm install onnxruntime-node'),
    });
  });

  it('"auto" is "motion"', async () => {
    const { auto } = await bareDetectors();
    expect(auto.name).toBe('objects');
    expect(await auto.detect(frameOf(people, 1), signal)).toEqual([]);
    expect(auto.name).toBe('motion');
    expect(await workers()).toEqual([]);
  });
});
