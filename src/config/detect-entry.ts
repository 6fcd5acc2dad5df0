import { isMap, isNode, isScalar, isSeq, type Node } from 'yaml';
import { splitArguments } from '../media/split-arguments.ts';
import {
  type DetectSettings,
  detectLimits,
  detectorForms,
  isPolygon,
  type ModelSettings,
  type Point,
  type Polygon,
  readDetectorText,
} from '../settings/detect.ts';
import type { Faults } from './faults.ts';
import { didYouMean } from './suggest.ts';
import type { ParsedFile } from './syntax.ts';
import {
  decimal,
  describe,
  duration,
  integer,
  list,
  problemWith,
  quote,
  text,
  type ValueKind,
} from './values.ts';
import { type Entry, entriesOf, resolve } from './yaml-entries.ts';

/** More corners or areas than this are a mistake. */
const MOST = 100;

export const detectorKind: ValueKind<string> = text(detectorForms, (value) => {
  const detector = readDetectorText(value);
  if (detector?.kind === 'exec') return (splitArguments(detector.command)?.length ?? 0) > 0;
  return detector !== undefined;
});

type Simple = Pick<DetectSettings, 'fps' | 'labels' | 'minScore' | 'sensitivity' | 'timeout'>;
type SimpleFields = { readonly [K in keyof Required<Simple>]: ValueKind<Required<Simple>[K]> };

/** The keys below `detect` that are one value. */
export const detectFields: SimpleFields = {
  fps: decimal(...detectLimits.fps),
  labels: list(
    'labels, such as [person, dog]',
    text('a label', (label) => label.length <= 64),
  ),
  minScore: decimal(...detectLimits.minScore),
  sensitivity: integer(...detectLimits.sensitivity),
  timeout: duration(...detectLimits.timeout),
};

/** The others, and what they take. */
export const detectParts = {
  detector: detectorForms,
  zones: 'names and areas, such as door: [[0, 0.5], [1, 0.5], [1, 1]]',
  mask: 'a list of areas',
  model: 'a path, or a map of path, labels, width and height',
} as const;

const polygonForm =
  'an area of three or more points [x, y] in fractions of the picture, 0 to 1, such as [[0, 0.5], [1, 0.5], [1, 1]]';
const zoneName = /^[A-Za-z0-9][A-Za-z0-9_ -]{0,63}$/;

interface Context {
  readonly file: ParsedFile;
  readonly faults: Faults;
}

/** What stands behind `detect` of a camera: a detector, or a map. Undefined when it has faults. */
export function readDetect(
  file: ParsedFile,
  faults: Faults,
  entry: Entry,
): DetectSettings | undefined {
  const context = { file, faults };
  const map = resolve(file, entry.value);
  if (isMap(map)) return readMap(context, entry, [...entriesOf(file, faults, map, 'key')]);
  const detector = detectorKind.read(entry.raw);
  if (detector !== undefined) return { detector };
  const place = file.place(entry.value ?? entry.keyNode);
  faults.add(place, `detect: ${problemWith(detectorKind, entry.raw)}`);
  return undefined;
}

function readMap(
  context: Context,
  entry: Entry,
  entries: readonly Entry[],
): DetectSettings | undefined {
  const { file, faults } = context;
  const read: { -readonly [K in keyof DetectSettings]?: DetectSettings[K] } = {};
  for (const field of entries) {
    const { key, raw, value, keyNode } = field;
    const place = file.place(value ?? keyNode);
    if (key === 'detector') {
      const detector = detectorKind.read(raw);
      if (detector === undefined) faults.add(place, `detector: ${problemWith(detectorKind, raw)}`);
      else read.detector = detector;
    } else if (key === 'zones') {
      read.zones = readZones(context, field);
    } else if (key === 'mask') {
      read.mask = readMask(context, field);
    } else if (key === 'model') {
      const model = readModel(context, field);
      if (model !== undefined) read.model = model;
    } else if (isSimple(key)) {
      if (!readSimple(read, key, raw)) {
        faults.add(place, `${key}: ${problemWith(detectFields[key], raw)}`);
      }
    } else {
      const near = didYouMean(key, [...Object.keys(detectParts), ...Object.keys(detectFields)]);
      faults.add(file.place(keyNode), `"detect" has no ${quote(key)}${near}`);
    }
  }
  const { detector, ...rest } = read;
  if (detector !== undefined) return { detector, ...rest };
  if (!entries.some(({ key }) => key === 'detector')) {
    faults.add(file.place(entry.keyNode), `"detect" has no "detector"`);
  }
  return undefined;
}

function readSimple<K extends keyof Simple>(
  read: { -readonly [Key in keyof Simple]?: Simple[Key] },
  key: K,
  raw: unknown,
): boolean {
  const kind: SimpleFields[K] = detectFields[key];
  const value = kind.read(raw);
  if (value !== undefined) read[key] = value;
  return value !== undefined;
}

function isSimple(key: string): key is keyof Simple {
  return Object.hasOwn(detectFields, key);
}

function readZones({ file, faults }: Context, entry: Entry): Record<string, Polygon> {
  const map = resolve(file, entry.value);
  const zones: Record<string, Polygon> = {};
  if (!isMap(map)) {
    const place = file.place(entry.value ?? entry.keyNode);
    faults.add(place, `zones: expected ${detectParts.zones}, got ${describe(entry.raw)}`);
    return zones;
  }
  for (const zone of entriesOf(file, faults, map, 'zone')) {
    const polygon = readPolygon(file, zone.value);
    if (!zoneName.test(zone.key)) {
      const expected = '1 to 64 letters, digits, spaces, "-" and "_"';
      faults.add(
        file.place(zone.keyNode),
        `expected a name of a zone (${expected}), got ${quote(zone.key)}`,
      );
    } else if (polygon === undefined) {
      const place = file.place(zone.value ?? zone.keyNode);
      faults.add(place, `the zone ${quote(zone.key)}: expected ${polygonForm}`);
    } else {
      zones[zone.key] = polygon;
    }
  }
  return zones;
}

/** A list of areas; a single one may stand there by itself. */
function readMask({ file, faults }: Context, { value, keyNode }: Entry): readonly Polygon[] {
  const single = readPolygon(file, value);
  if (single !== undefined) return [single];
  const polygons: Polygon[] = [];
  const areas = resolve(file, value);
  const items = isSeq(areas) ? areas.items.slice(0, MOST) : [undefined];
  for (const item of items) {
    const node = asNode(item);
    const polygon = readPolygon(file, node);
    if (polygon === undefined) {
      faults.add(file.place(node ?? value ?? keyNode), `mask: expected ${polygonForm}`);
    } else {
      polygons.push(polygon);
    }
  }
  return polygons;
}

function readPolygon(file: ParsedFile, value: Node | null): Polygon | undefined {
  const outer = resolve(file, value);
  if (!isSeq(outer) || outer.items.length > MOST) return undefined;
  const points: Point[] = [];
  for (const item of outer.items) {
    const inner = resolve(file, asNode(item));
    if (!isSeq(inner) || inner.items.length !== 2) return undefined;
    const [x, y] = inner.items.map((part) => numberOf(resolve(file, asNode(part))));
    if (x === undefined || y === undefined) return undefined;
    points.push([x, y]);
  }
  return isPolygon(points) ? points : undefined;
}

function numberOf(node: Node | null): number | undefined {
  return isScalar(node) && typeof node.value === 'number' ? node.value : undefined;
}

const path = text('the path of a file', () => true);
const pixels = integer(16, 4_096);

function readModel({ file, faults }: Context, entry: Entry): ModelSettings | undefined {
  const map = resolve(file, entry.value);
  if (!isMap(map)) {
    const single = path.read(entry.raw);
    if (single !== undefined) return { path: single };
    const place = file.place(entry.value ?? entry.keyNode);
    faults.add(place, `model: expected ${detectParts.model}, got ${describe(entry.raw)}`);
    return undefined;
  }
  const read: { -readonly [K in keyof ModelSettings]?: ModelSettings[K] } = {};
  for (const { key, raw, value, keyNode } of entriesOf(file, faults, map, 'key')) {
    const fault = (kind: ValueKind<unknown>) =>
      faults.add(file.place(value ?? keyNode), `${key}: ${problemWith(kind, raw)}`);
    if (key === 'path' || key === 'labels') {
      const name = path.read(raw);
      if (name === undefined) fault(path);
      else read[key] = name;
    } else if (key === 'width' || key === 'height') {
      const size = pixels.read(raw);
      if (size === undefined) fault(pixels);
      else read[key] = size;
    } else {
      const near = didYouMean(key, ['path', 'labels', 'width', 'height']);
      faults.add(file.place(keyNode), `a model has no ${quote(key)}${near}`);
    }
  }
  const { path: found, ...rest } = read;
  if (found !== undefined) return { path: found, ...rest };
  faults.add(file.place(entry.keyNode), 'the model has no "path"');
  return undefined;
}

function asNode(item: unknown): Node | null {
  return isNode(item) ? item : null;
}
