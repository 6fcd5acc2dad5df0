import { firstIdAt } from './event-id.ts';

/** Which events are meant; what is left out does not matter. */
export interface EventFilter {
  readonly camera?: string | undefined;
  readonly label?: string | undefined;
  /** First seen then or later, ms since the epoch. */
  readonly from?: number | undefined;
  /** First seen before then. */
  readonly to?: number | undefined;
  /** At least this score. */
  readonly minScore?: number | undefined;
}

export interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** What an index finds, of the events before `before`; in the order of time. */
export function indexed(filter: EventFilter, before: number, floor = 0): Condition {
  const { camera, label, from, to } = filter;
  const end = to === undefined ? before : Math.min(before, firstIdAt(to));
  const start = from === undefined ? floor : Math.max(floor, firstIdAt(from));
  const parts = ['id < ?', 'id >= ?'];
  const values: (string | number)[] = [end, start];
  if (camera !== undefined) {
    parts.push('camera = ?');
    values.push(camera);
  }
  if (label !== undefined) {
    parts.push('label = ?');
    values.push(label);
  }
  return { sql: parts.join(' AND '), values };
}

/** What has to be looked at row by row. */
export function scanned({ minScore }: EventFilter): Condition | undefined {
  return minScore === undefined ? undefined : { sql: 'score >= ?', values: [minScore] };
}
