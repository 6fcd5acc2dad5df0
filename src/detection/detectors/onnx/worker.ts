// A program of its own: finds objects in the pictures on its standard input and writes a line for
// each, as any other detector program does. It ends when its input does.
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { stretchedRgb } from '../../../media/pixels.ts';
import { readPictures } from './read-pictures.ts';
import { readSsd } from './ssd.ts';
import { RUNTIME_MISSING, SCORE_FLOOR, type WorkerOptions } from './worker-options.ts';

const options: WorkerOptions = JSON.parse(process.argv[2] ?? '');
const { width, height } = options;

const runtime = await import('onnxruntime-node').catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(RUNTIME_MISSING);
});
const labels = readLabels(await readFile(options.labels, 'utf8'));
const session = await runtime.InferenceSession.create(options.model, {
  // A second thread makes it a third faster and costs twice the CPU; cameras share this one.
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
});

for await (const { seq, picture } of readPictures(process.stdin)) {
  const answer = await look(picture).then(
    (detections) => ({ seq, detections }),
    (error: unknown) => ({ seq, error: error instanceof Error ? error.message : String(error) }),
  );
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

async function look(picture: Buffer) {
  const { data } = await stretchedRgb(picture, width, height);
  const image = new runtime.Tensor('uint8', data, [1, height, width, 3]);
  const { boxes, scores } = await session.run({ [session.inputNames[0] ?? 'image']: image });
  if (!(boxes?.data instanceof Float32Array) || !(scores?.data instanceof Float32Array)) {
    throw new Error('Expected a model with the outputs "boxes" and "scores" of float32');
  }
  return readSsd({ boxes: boxes.data, scores: scores.data }, labels, SCORE_FLOOR);
}

/** `{"1": "person"}`, or a list of which the first is id 1. */
function readLabels(text: string): ReadonlyMap<number, string> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null)
    throw new Error('Expected labels as {"1": "person"}');
  const first = Array.isArray(value) ? 1 : 0;
  return new Map(Object.entries(value).map(([id, name]) => [Number(id) + first, String(name)]));
}
