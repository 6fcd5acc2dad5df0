import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Detector } from '../../../detector.ts';
import { FramehubError } from '../../../errors.ts';
import { assetPath } from '../../../media/assets.ts';
import type { ModelSettings } from '../../../settings/detect.ts';
import { ChildDetector } from '../exec/child-detector.ts';
import { RUNTIME_MISSING, type WorkerOptions } from './worker-options.ts';

/** The built worker, seen from src/detection/detectors/onnx and dist/detection/detectors/onnx alike. */
const WORKER = fileURLToPath(
  new URL('../../../../dist/detection/detectors/onnx/worker.js', import.meta.url),
);
/** Of the model that comes with framehub, pixels. */
const INPUT_SIZE = 300;

/** Finds the 80 kinds of things of COCO, or those of another model, in a process of its own. */
export function objectsDetector(model: ModelSettings | undefined, timeout: number): Detector {
  const options = workerOptions(model);
  return new ChildDetector({
    name: 'objects',
    command: {
      program: process.execPath,
      args: [WORKER, JSON.stringify(options)],
      shown: '"objects"',
    },
    timeout,
    explain,
  });
}

/** The same for models that can share a process. */
export function objectsKey(model: ModelSettings | undefined, timeout: number): string {
  return JSON.stringify([workerOptions(model), timeout]);
}

function workerOptions(model: ModelSettings | undefined): WorkerOptions {
  return {
    model: resolve(model?.path ?? assetPath('models/ssdlite-mobilenet-v2-coco.onnx')),
    labels: resolve(model?.labels ?? assetPath('models/coco-labels.json')),
    width: model?.width ?? INPUT_SIZE,
    height: model?.height ?? INPUT_SIZE,
  };
}

function explain(failure: FramehubError, exitCode: number | undefined): FramehubError {
  if (exitCode !== RUNTIME_MISSING) return failure;
  return new FramehubError(
    'DETECTOR_MISSING',
    'The detector "objects" needs the optional package onnxruntime-node, which can not be loaded here.',
    { cause: failure },
  );
}
