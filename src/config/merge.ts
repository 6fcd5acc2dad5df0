import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { type CameraSettings, defaultSettings, type Settings } from '../settings.ts';
import type { CameraEntry, Layer } from './camera-entry.ts';
import { deriveCameraId } from './camera-id.ts';

/** What several places say, as one: later layers win, value by value and camera by camera. */
export function mergeLayers(layers: readonly Layer[], cwd: string): Settings {
  let merged: Settings = defaultSettings;
  for (const layer of layers) merged = { ...merged, ...layer.values };
  const webhooks = layers.findLast((layer) => layer.webhooks !== undefined)?.webhooks ?? [];
  const { idleTimeout, stallTimeout, startTimeout } = merged;
  const times = { idleTimeout, stallTimeout, startTimeout };
  const cameras = mergeCameras(layers).map(
    ({ id, source, name, times: own, record, detect }): CameraSettings => ({
      id,
      source,
      name: name ?? id,
      ...times,
      ...own,
      ...(record === undefined ? {} : { record }),
      ...(detect === undefined ? {} : { detect }),
    }),
  );
  return { ...merged, dataDir: resolve(cwd, inHome(merged.dataDir)), webhooks, cameras };
}

type NamedEntry = CameraEntry & { readonly id: string };

/** Only shells know that `~/` is the home folder. */
function inHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}

/** A camera given again keeps its place, and its name and times where the later one has none. */
function mergeCameras(layers: readonly Layer[]): NamedEntry[] {
  const entries = layers.flatMap((layer) => layer.cameras);
  const named = entries.filter((entry) => entry.id !== undefined);
  const sources = new Set(named.map((entry) => entry.source));
  // None of the derived ids may be one that another camera was given, be it later.
  const taken = new Set(named.map((entry) => entry.id ?? ''));
  const byId = new Map<string, NamedEntry>();
  for (const entry of entries) {
    if (entry.id === undefined && sources.has(entry.source)) continue;
    const id = entry.id ?? deriveCameraId(entry.source, taken);
    taken.add(id);
    byId.set(id, { ...byId.get(id), ...entry, id });
  }
  return [...byId.values()];
}
