import type { BestPicture, CameraEvent, PathPoint } from '../api/event.ts';
import { idText } from './event-id.ts';

/** An event as the table holds it. */
export interface EventRow {
  readonly id: number;
  readonly camera: string;
  readonly label: string;
  readonly detector: string;
  /** Ms since the epoch. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly ended: boolean;
  readonly score: number;
  readonly results: number;
  /** JSON of a BestPicture. */
  readonly best: string;
  /** JSON of a list of PathPoint; empty text where it was not asked for. */
  readonly path: string;
  /** Of the picture. */
  readonly bytes: number;
}

/** In the order `rowOf` and `valuesOf` go by. */
export const columns = [
  ...['id', 'camera', 'label', 'detector', 'first_seen', 'last_seen'],
  ...['ended', 'score', 'results', 'best', 'path', 'bytes'],
];

export function rowOf(values: readonly unknown[]): EventRow {
  const [id, camera, label, detector, firstSeen, lastSeen, ended, score, results] = values;
  const [best, path, bytes] = values.slice(9);
  return {
    id: Number(id),
    camera: String(camera),
    label: String(label),
    detector: String(detector),
    firstSeen: Number(firstSeen),
    lastSeen: Number(lastSeen),
    ended: ended === 1,
    score: Number(score),
    results: Number(results),
    best: String(best),
    path: String(path),
    bytes: Number(bytes),
  };
}

export function valuesOf(row: EventRow): (string | number)[] {
  const { id, camera, label, detector, firstSeen, lastSeen, ended, score, results } = row;
  const seen = [id, camera, label, detector, firstSeen, lastSeen];
  return [...seen, ended ? 1 : 0, score, results, row.best, row.path, row.bytes];
}

export function eventOf(row: EventRow): CameraEvent {
  const { id, best, path, bytes: _bytes, ...rest } = row;
  const picture: BestPicture = JSON.parse(best);
  const points: PathPoint[] = JSON.parse(path);
  return { id: idText(id), ...rest, best: picture, path: points };
}

/** The same as JSON text, without reading what is JSON in the table. */
export function eventJson(row: EventRow): string {
  const { id, best, path, bytes: _bytes, ...rest } = row;
  const head = JSON.stringify({ id: idText(id), ...rest });
  return `${head.slice(0, -1)},"best":${best},"path":${path}}`;
}
