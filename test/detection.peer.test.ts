import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readSsd } from '../src/detection/detectors/onnx/ssd.ts';
import { checkFound } from '../src/detector/check-found.ts';
import { overlap } from '../src/detector/overlap.ts';
import type { FoundObject } from '../src/detector.ts';
import { FramehubError } from '../src/errors.ts';
import type { DetectionResult, Framehub } from '../src/index.ts';
import { assetPath } from '../src/media/assets.ts';
import { stretchedRgb } from '../src/media/pixels.ts';
import { addressOf, cpuTime, type RunningCommand, runCommand } from './support/command.ts';
import { distinctSeqs, watchMjpeg } from './support/mjpeg-client.ts';
import { ownChildren } from './support/processes.ts';
import { startServer, type TestServer } from './support/server.ts';
import { until } from './support/until.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(...options: Parameters<typeof startServer>): Promise<TestServer> {
  const server = await startServer(...options);
  closing.push(server.close);
  return server;
}

/** Keeps the results of a camera, and so its detector running, until the test ends or stops it. */
function collect(framehub: Framehub, camera: string) {
  const abort = new AbortController();
  closing.push(() => abort.abort());
  const results: DetectionResult[] = [];
  const reading = (async () => {
    for await (const result of framehub.detections(camera, abort.signal)) results.push(result);
  })().catch((thrown: unknown) => {
    // So it ends when the server closes first.
    if (!(thrown instanceof FramehubError)) throw thrown;
  });
  const stop = async () => {
    abort.abort();
    await reading;
  };
  return { results, stop };
}

async function detectorPids(program: string): Promise<number[]> {
  const children = await ownChildren();
  return children.filter(({ command }) => command.includes(program)).map(({ pid }) => pid);
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('on the demo footage', () => {
  /** Pictures of one pass. */
  const PASS = 120;
  /**
   * Counted by hand on the footage, a picture a second and every second one of the last eight: three men who
   * meet at the sign, two of them from the first picture on the left and in the middle, one from
   * the right; a man in a red and blue jacket and a woman beside him, who come from the right at
   * 1 s and 2 s; a bald man from the right at 4 s; somebody in black on the lawn above, from 7 s on;
   * somebody with a white hat who comes in at the right in the last half second.
   */
  const PEOPLE = 8;
  const SURE = 0.5;

  let offline: ReadonlyMap<number, readonly FoundObject[]>;
  let all: readonly DetectionResult[];
  let usual: readonly DetectionResult[];
  let workers: readonly number[];

  beforeAll(async () => {
    const server = await startServer({
      cameras: [
        { id: 'all', source: 'demo:', detect: { detector: 'objects', fps: 30 } },
        { id: 'usual', source: 'demo:', detect: 'objects' },
      ],
    });
    const { framehub } = server;
    const pictures = new Map<number, Buffer>();
    const abort = new AbortController();
    const collected = [collect(framehub, 'all'), collect(framehub, 'usual')] as const;
    const watching = (async () => {
      for await (const { seq, data } of framehub.frames('all', abort.signal)) {
        pictures.set(seq, data);
      }
    })();
    await until(
      'one pass',
      () => collected.every(({ results }) => Number(results.at(-1)?.seq) > PASS),
      30_000,
    );
    workers = await detectorPids('onnx/worker.js');
    abort.abort();
    await watching;
    await Promise.all(collected.map(({ stop }) => stop()));
    closing.splice(0);
    await server.close();
    [all, usual] = collected.map(({ results }) => results.filter(({ seq }) => seq <= PASS)) as [
      DetectionResult[],
      DetectionResult[],
    ];
    offline = await runOffline(new Map([...pictures].filter(([seq]) => seq <= PASS)));
  });

  it('people are found in the frames in which the model alone finds them', () => {
    const withPeople = [...offline].filter(([, found]) => isPerson(found)).map(([seq]) => seq);
    expect(withPeople.length).toBeGreaterThan(100);
    const found = all.filter(({ detections }) => isPerson(detections)).map(({ seq }) => seq);
    const missed = withPeople.filter((seq) => !found.includes(seq));
    expect(missed.length / withPeople.length).toBeLessThanOrEqual(0.1);
  });

  it('the boxes of a result are those of its frame, and no other', () => {
    for (const { seq, detections, width, height, detector } of all) {
      expect({ width, height, detector }).toEqual({ width: 768, height: 576, detector: 'objects' });
      const alone = offline.get(seq) ?? [];
      expect(detections, `frame ${seq}`).toHaveLength(alone.length);
      for (const { label, box } of detections) {
        const same = alone.filter((one) => one.label === label);
        const best = Math.max(0, ...same.map((one) => overlap(one.box, box)));
        expect(best, `${label} in frame ${seq}`).toBeGreaterThan(0.9);
      }
    }
  });

  it('both cameras share one process', () => {
    expect(workers).toHaveLength(1);
  });

  it.each(['five times a second', 'in every frame'])(
    'looking %s there are no more than half again as many tracks as people',
    (often) => {
      const results = often === 'in every frame' ? all : usual;
      const people = results.flatMap(({ detections }) =>
        detections.filter(({ label }) => label === 'person'),
      );
      const tracks = new Set(people.flatMap(({ trackId }) => trackId ?? []));
      expect(tracks.size).toBeLessThanOrEqual(1.5 * PEOPLE);
      expect(tracks.size).toBeGreaterThanOrEqual(PEOPLE - 2);
      // Most of what is seen has a number.
      const numbered = people.filter(({ trackId }) => trackId !== undefined);
      expect(numbered.length / people.length).toBeGreaterThan(0.9);
    },
  );

  function isPerson(found: readonly { label: string }[]): boolean {
    return found.some(({ label }) => label === 'person');
  }

  /** The same model on the same pictures, one after the other. */
  async function runOffline(pictures: ReadonlyMap<number, Buffer>) {
    const names: Record<string, string> = JSON.parse(
      await readFile(assetPath('models/coco-labels.json'), 'utf8'),
    );
    const labels = new Map(Object.entries(names).map(([id, name]) => [Number(id), name]));
    const session = await InferenceSession.create(
      assetPath('models/ssdlite-mobilenet-v2-coco.onnx'),
      { intraOpNumThreads: 1 },
    );
    const found = new Map<number, readonly FoundObject[]>();
    for (const [seq, picture] of pictures) {
      const { data } = await stretchedRgb(picture, 300, 300);
      const { boxes, scores } = await session.run({
        image: new Tensor('uint8', data, [1, 300, 300, 3]),
      });
      const output = { boxes: boxes?.data, scores: scores?.data };
      if (!(output.boxes instanceof Float32Array) || !(output.scores instanceof Float32Array)) {
        throw new Error('expected float32');
      }
      const alone = readSsd({ boxes: output.boxes, scores: output.scores }, labels, SURE);
      // Those of people who come in reach beyond the picture.
      found.set(seq, checkFound(alone));
    }
    await session.release();
    return found;
  }
});

describe('a detector that misbehaves', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'framehub-detect-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Does well twice, and then something else. */
  async function program(name: string, then: string): Promise<string> {
    const path = join(folder, `${name}.py`);
    const text = `
import json, os, struct, sys, time
def say(seq): print(json.dumps({"seq": seq, "detections": []}), flush=True)
count = 0
while True:
    head = sys.stdin.buffer.read(4)
    if len(head) < 4: break
    header = json.loads(sys.stdin.buffer.read(struct.unpack(">I", head)[0]))
    sys.stdin.buffer.read(header["bytes"])
    count += 1
    if count <= 2: say(header["seq"])
    else: ${then}
`;
    await writeFile(path, text);
    return `exec:/usr/bin/python3 ${path}`;
  }

  it.each([
    ['hangs', 'time.sleep(1000)', 'DETECTOR_TIMEOUT', 'within 0.5 s'],
    ['crashes', 'os.abort()', 'DETECTOR_FAILED', 'by the signal SIGABRT'],
    ['floods its output', 'os.write(1, b"x" * 100000000)', 'DETECTOR_INVALID', 'at most 256 KB'],
    ['answers garbage', 'print("<html>", flush=True)', 'DETECTOR_INVALID', 'got "<html>"'],
    [
      'answers for a frame that never was',
      'say(header["seq"] + 1000)',
      'DETECTOR_INVALID',
      'the picture with "seq"',
    ],
  ])(
    'one that %s is started again with a reason, and neither camera nor viewers notice',
    async (name, then, code, words) => {
      const detector = await program(name.replaceAll(' ', '-'), then);
      const server = await serve({
        cameras: [
          { id: 'front', source: 'test:?size=320x240&fps=20', detect: { detector, timeout: 500 } },
        ],
      });
      const viewer = watchMjpeg(server.port, '/cameras/front/stream.mjpg?placeholder=false');
      closing.push(viewer.close);
      await until('pictures', () => viewer.parts.length > 3);
      const { results } = collect(server.framehub, 'front');

      const failed = await until('the failure', async () => {
        const { detector: report } = await server.camera('front');
        return report?.status.state === 'retrying' ? report.status : undefined;
      });
      expect(failed).toMatchObject({ state: 'retrying', code, help: expect.any(String) });
      expect(failed.reason).toContain(words);
      const before = results.length;
      expect(before).toBe(2);
      await until('results again', () => results.length > before);

      const seqs = distinctSeqs(viewer.parts);
      const [first = 0] = seqs;
      expect(seqs.length / (Number(seqs.at(-1)) - first + 1)).toBeGreaterThan(0.95);
      const camera = await server.camera('front');
      expect(camera).toMatchObject({ starts: 1, rejected: 0, status: { state: 'live' } });
      await server.framehub.close();
      expect(await detectorPids('.py')).toEqual([]);
    },
  );

  it('results that somebody brings for a frame that never was are refused with a reason', async () => {
    const server = await serve({ cameras: { front: 'test:?size=320x240&fps=20' } });
    const { seq } = await server.framehub.snapshot('front');
    const { results } = collect(server.framehub, 'front');
    const bring = async (frame: number) => {
      const answer = await fetch(`${server.url}/api/cameras/front/detections`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ seq: frame, detector: 'mine', detections: [] }),
      });
      return { status: answer.status, body: await answer.text() };
    };
    const refused = await bring(seq + 100_000);
    expect(refused.status).toBe(422);
    expect(JSON.parse(refused.body)).toMatchObject({
      code: 'RESULT_UNKNOWN_FRAME',
      detail: expect.stringContaining(`"seq" ${seq + 100_000}`),
    });
    expect((await bring(seq)).status).toBe(200);
    await until('the result', () => results.length === 1);
    expect(results[0]?.seq).toBe(seq);
  });
});

describe('when nobody wants results', () => {
  it('a detector takes no CPU, and its process is gone a little later', async () => {
    const server = await serve({ cameras: [{ id: 'front', source: 'demo:', detect: 'objects' }] });
    const viewer = watchMjpeg(server.port, '/cameras/front/stream.mjpg');
    closing.push(viewer.close);
    await until('pictures', () => viewer.parts.length > 5);
    expect(await detectorPids('onnx/worker.js')).toEqual([]);

    const { results, stop } = collect(server.framehub, 'front');
    await until('results', () => results.length > 3);
    const [pid = 0] = await detectorPids('onnx/worker.js');
    await stop();
    // It may be in the middle of a picture.
    await sleep(500);
    const before = await cpuTime(pid);
    const { detector } = await server.camera('front');
    await sleep(4_000);
    expect(await cpuTime(pid)).toBe(before);
    const after = await server.camera('front');
    expect(after.detector?.results).toBe(detector?.results);
    expect(after.detector?.status.state).toBe('off');
    expect(after.readers.map(({ kind }) => kind)).toEqual(['mjpeg']);
    expect(after.status.state).toBe('live');
    await until('its end', async () => (await detectorPids('onnx/worker.js')).length === 0);
  });

  it('a camera that only its detector looked at is let go', async () => {
    const server = await serve({
      idleTimeout: 200,
      cameras: [{ id: 'front', source: 'test:?size=320x240', detect: 'motion' }],
    });
    const { results, stop } = collect(server.framehub, 'front');
    await until('results', () => results.length > 3);
    const [reader] = (await server.camera('front')).readers;
    expect(reader).toMatchObject({ kind: 'detector', address: 'motion' });
    await stop();
    await until('the end', async () => (await server.camera('front')).status.state === 'off');
  });
});

describe('the command', () => {
  let command: RunningCommand | undefined;
  afterEach(() => {
    command?.child.kill('SIGKILL');
  });

  it('without any camera shows the demo camera, and the people in it', async () => {
    command = runCommand(['--port', '0', '--log-level', 'error']);
    const { url } = await addressOf(command);
    const abort = new AbortController();
    closing.push(() => abort.abort());
    const { body } = await fetch(`${url}/api/cameras/demo/detections?format=ndjson`, {
      signal: abort.signal,
    });
    let text = '';
    for await (const chunk of body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes('"trackId"')) break;
    }
    const [first] = text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    expect(first).toMatchObject({ camera: 'demo', detector: 'objects', width: 768, height: 576 });
    const labels = first.detections.map(({ label }: FoundObject) => label);
    expect(labels).toContain('person');
    command.child.kill('SIGTERM');
    expect(await command.exited).toBe(0);
    expect(command.stderr).toBe('');
  });
});
