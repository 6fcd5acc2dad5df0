import { isMap, isSeq } from 'yaml';
import type { DetectSettings } from '../settings/detect.ts';
import type { WebhookSettings } from '../settings/webhook.ts';
import { isCameraId } from '../settings.ts';
import { type CameraEntry, type CheckSource, idRule, type Layer } from './camera-entry.ts';
import { readDetect } from './detect-entry.ts';
import type { Faults } from './faults.ts';
import { fields, readValue, settingKeys, timeFields, type Values } from './fields.ts';
import { describeThrown } from './source-check.ts';
import { didYouMean } from './suggest.ts';
import type { ParsedFile } from './syntax.ts';
import { describe, flag, problemWith, quote, text } from './values.ts';
import { readWebhooks } from './webhook-entries.ts';
import { type Entry, entriesOf, resolve } from './yaml-entries.ts';

const cameraKeys = ['source', 'name', ...Object.keys(timeFields), 'detect', 'record'];
const cameraName = text('a name of at most 200 letters', (name) => name.length <= 200);

/** What reading needs everywhere. */
interface Context {
  readonly file: ParsedFile;
  readonly checkSource: CheckSource;
  readonly faults: Faults;
}

/** What a config file says. Every fault in it is added with its line and column. */
export function readContent(context: Context): Layer {
  const { file, faults } = context;
  const values: Partial<Values> = {};
  let cameras: CameraEntry[] = [];
  let webhooks: readonly WebhookSettings[] | undefined;
  const top = file.document.contents;
  if (top !== null && !isMap(top)) {
    faults.add(
      file.place(top),
      `expected "setting: value" lines, got ${isSeq(top) ? 'a list' : 'a text'}`,
    );
    return { values, cameras };
  }
  for (const entry of top === null ? [] : entriesOf(file, faults, top, 'setting')) {
    if (entry.key === 'cameras') {
      cameras = readCameras(context, entry);
      continue;
    }
    if (entry.key === 'webhooks') {
      webhooks = readWebhooks(file, faults, entry);
      continue;
    }
    const key = settingKeys.find((one) => one === entry.key);
    if (key === undefined) {
      const near = didYouMean(entry.key, ['cameras', 'webhooks', ...settingKeys]);
      faults.add(file.place(entry.keyNode), `there is no setting ${quote(entry.key)}${near}`);
    } else if (!readValue(values, key, entry.raw)) {
      faults.add(
        file.place(entry.value ?? entry.keyNode),
        `${key}: ${problemWith(fields[key], entry.raw)}`,
      );
    }
  }
  return { values, cameras, ...(webhooks === undefined ? {} : { webhooks }) };
}

function readCameras(context: Context, { raw, value, keyNode }: Entry): CameraEntry[] {
  const { file, faults } = context;
  const map = resolve(file, value);
  if (raw === null) return [];
  if (!isMap(map)) {
    const expected = 'lines of an id and a source, such as "front: webcam:0"';
    faults.add(file.place(value ?? keyNode), `cameras: expected ${expected}, got ${describe(raw)}`);
    return [];
  }
  const cameras: CameraEntry[] = [];
  for (const entry of entriesOf(file, faults, map, 'camera')) {
    if (!isCameraId(entry.key)) {
      faults.add(
        file.place(entry.keyNode),
        `expected a camera id (${idRule}), got ${quote(entry.key)}`,
      );
      continue;
    }
    const camera = readCamera(context, entry);
    if (camera !== undefined) cameras.push(camera);
  }
  return cameras;
}

function readCamera(context: Context, entry: Entry): CameraEntry | undefined {
  const { file, faults } = context;
  const map = resolve(file, entry.value);
  if (!isMap(map)) {
    const source = readSource(context, entry);
    return source === undefined ? undefined : { id: entry.key, source };
  }
  const times: Partial<Values> = {};
  let name: string | undefined;
  let record: boolean | undefined;
  let detect: DetectSettings | undefined;
  let sourceEntry: Entry | undefined;
  for (const field of entriesOf(file, faults, map, 'key')) {
    const place = file.place(field.value ?? field.keyNode);
    if (field.key === 'source') {
      sourceEntry = field;
    } else if (field.key === 'name') {
      name = cameraName.read(field.raw);
      if (name === undefined) faults.add(place, `name: ${problemWith(cameraName, field.raw)}`);
    } else if (field.key === 'detect') {
      detect = readDetect(file, faults, field);
    } else if (field.key === 'record') {
      record = flag.read(field.raw);
      if (record === undefined) faults.add(place, `record: ${problemWith(flag, field.raw)}`);
    } else if (isTimeKey(field.key)) {
      const read = readValue(times, field.key, field.raw);
      if (!read)
        faults.add(place, `${field.key}: ${problemWith(timeFields[field.key], field.raw)}`);
    } else {
      const near = didYouMean(field.key, cameraKeys);
      faults.add(file.place(field.keyNode), `a camera has no ${quote(field.key)}${near}`);
    }
  }
  if (sourceEntry === undefined) {
    faults.add(file.place(entry.keyNode), `the camera ${quote(entry.key)} has no "source"`);
    return undefined;
  }
  const source = readSource(context, sourceEntry);
  if (source === undefined) return undefined;
  return {
    id: entry.key,
    source,
    ...(name === undefined ? {} : { name }),
    times,
    ...(record === undefined ? {} : { record }),
    ...(detect === undefined ? {} : { detect }),
  };
}

function readSource(
  { file, checkSource, faults }: Context,
  { raw, value, keyNode }: Entry,
): string | undefined {
  const place = file.place(value ?? keyNode);
  if (typeof raw !== 'string' || raw.trim() === '') {
    faults.add(place, `expected a source such as webcam:0, got ${describe(raw)}`);
    return undefined;
  }
  try {
    checkSource(raw.trim());
    return raw.trim();
  } catch (thrown) {
    faults.add(place, describeThrown(thrown));
    return undefined;
  }
}

function isTimeKey(key: string): key is keyof typeof timeFields {
  return Object.hasOwn(timeFields, key);
}
