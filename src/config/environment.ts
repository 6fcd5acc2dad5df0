import { isCameraId } from '../settings.ts';
import { type CameraEntry, type CheckSource, idRule, type Layer } from './camera-entry.ts';
import type { Faults } from './faults.ts';
import { fields, readValue, settingKeys, type Values, variableOf } from './fields.ts';
import { describeThrown } from './source-check.ts';
import { nearest } from './suggest.ts';
import { problemWith, quote } from './values.ts';

const PREFIX = 'FRAMEHUB_';
const CAMERA_PREFIX = 'FRAMEHUB_CAMERA_';
const CONFIG = 'FRAMEHUB_CONFIG';

export interface Environment {
  readonly configPath: string | undefined;
  readonly layer: Layer;
  /** Sentences about variables that look like ours and are not. */
  readonly warnings: readonly string[];
}

/** Reads the `FRAMEHUB_*` variables; an empty one counts as not set. */
export function readEnvironment(
  env: NodeJS.ProcessEnv,
  checkSource: CheckSource,
  faults: Faults,
): Environment {
  const values: Partial<Values> = {};
  const cameras: CameraEntry[] = [];
  const warnings: string[] = [];
  const keyOf = new Map(settingKeys.map((key) => [variableOf(key), key]));
  const known = [...keyOf.keys(), CONFIG].map((name) => name.slice(PREFIX.length));

  for (const [name, raw] of Object.entries(env)) {
    if (!name.startsWith(PREFIX) || name === CONFIG || raw === undefined || raw === '') continue;
    const key = keyOf.get(name);
    if (key !== undefined) {
      if (!readValue(values, key, raw)) faults.add(name, problemWith(fields[key], raw));
    } else if (name.startsWith(CAMERA_PREFIX)) {
      const id = name.slice(CAMERA_PREFIX.length).toLowerCase();
      if (cameras.some((camera) => camera.id === id)) {
        faults.add(name, `the camera "${id}" is given twice, in upper and lower case`);
      } else if (isCameraId(id)) {
        addCamera(cameras, { id, source: raw.trim() }, name, checkSource, faults);
      } else {
        faults.add(name, `expected ${idRule} after ${CAMERA_PREFIX}, got ${quote(id)}`);
      }
    } else {
      const near = nearest(name.slice(PREFIX.length), known);
      const hint = near === undefined ? '' : `; did you mean ${PREFIX}${near}?`;
      warnings.push(`${name}: there is no such variable${hint}`);
    }
  }
  return { configPath: env[CONFIG] || undefined, layer: { values, cameras }, warnings };
}

function addCamera(
  cameras: CameraEntry[],
  camera: CameraEntry,
  place: string,
  checkSource: CheckSource,
  faults: Faults,
): void {
  try {
    checkSource(camera.source);
    cameras.push(camera);
  } catch (thrown) {
    faults.add(place, describeThrown(thrown));
  }
}
