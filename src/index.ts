import { pino } from 'pino';
import {
  buildFramehub,
  type CameraDefinition,
  type Framehub,
  type FramehubSettings,
} from './framehub.ts';
import type { Log } from './log.ts';
import { defaultSettings } from './settings.ts';

export type { CameraStatus } from './api/camera-status.ts';
export type { Box, Detection, DetectionResult } from './api/detection.ts';
export type { CameraEvent } from './api/event.ts';
export { csvLine, escapeHtml } from './delivery/rows/escape.ts';
export {
  type RowTemplate,
  type StreamedRows,
  type StreamRowsOptions,
  streamRows,
} from './delivery/rows/stream-rows.ts';
export type { DetectDefinition } from './detection/open-detector.ts';
export type { Detector, FoundObject } from './detector.ts';
export { type ErrorCode, FramehubError } from './errors.ts';
export type { Frame } from './frame.ts';
export type { CameraDefinition, CameraState, Framehub } from './framehub.ts';
export type { FramesFunction } from './source/generator/generator-source.ts';
export type { SourceFrame } from './source.ts';

export interface FramehubOptions extends Partial<FramehubSettings> {
  /** Cameras to begin with: id → source string or generator, or a list of definitions. */
  readonly cameras?:
    | Readonly<Record<string, CameraDefinition['source']>>
    | readonly CameraDefinition[];
  /** A pino logger, or anything with its methods. Default: warnings and errors to standard error. */
  readonly log?: Log;
}

/**
 * Cameras for your own server. Nothing runs before somebody watches.
 *
 * By default whoever comes from this machine may watch, and everybody else needs `adminToken` or
 * `viewerToken`; `auth: 'none'` leaves the decision to the application around it.
 *
 * @throws CAMERA_ID_INVALID, SOURCE_INVALID, DETECT_INVALID, TOO_MANY
 */
export async function createFramehub(options: FramehubOptions = {}): Promise<Framehub> {
  const { cameras = [], log, ...settings } = options;
  const logger = log ?? pino({ name: 'framehub', level: 'warn' }, pino.destination(2));
  const framehub = await buildFramehub({ ...defaultSettings, ...settings }, logger);
  try {
    for (const definition of definitions(cameras)) framehub.addCamera(definition);
  } catch (thrown) {
    await framehub.close();
    throw thrown;
  }
  return framehub;
}

function definitions(
  cameras: NonNullable<FramehubOptions['cameras']>,
): readonly CameraDefinition[] {
  if (isList(cameras)) return cameras;
  return Object.entries(cameras).map(([id, source]) => ({ id, source }));
}

function isList(
  cameras: NonNullable<FramehubOptions['cameras']>,
): cameras is readonly CameraDefinition[] {
  return Array.isArray(cameras);
}
