import { isIP } from 'node:net';
import { redactSecrets } from '../media/redact.ts';
import { formatDuration, formatSize, parseDuration, parseSize, sizePattern } from './units.ts';

/** How one value is written: on the command line and in variables always text, in YAML any value. */
export interface ValueKind<T> {
  /** What is taken, as the end of the sentence "expected …". */
  readonly expected: string;
  /** The value, or undefined when `raw` is not one. */
  read(raw: unknown): T | undefined;
  /** Of a wrong list, the part that is wrong. Default: all of it. */
  culprit?(raw: unknown): unknown;
  /** For a wrong value: what was probably meant. */
  hint?(raw: unknown): string | undefined;
  /** True when the value must not be repeated in a message. */
  readonly secret?: boolean;
  /** True when the value is a list, so that its flag may be repeated. */
  readonly list?: boolean;
}

/** The whole sentence about a wrong value. */
export function problemWith(kind: ValueKind<unknown>, raw: unknown): string {
  const came =
    kind.secret === true ? 'something else (not shown)' : describe(kind.culprit?.(raw) ?? raw);
  const hint = kind.hint?.(raw);
  return `expected ${kind.expected}, got ${came}${hint === undefined ? '' : `; ${hint}`}`;
}

/** What came, in few words. */
export function describe(raw: unknown): string {
  if (raw === null || raw === undefined || raw === '') return 'nothing';
  if (Array.isArray(raw)) return raw.length === 0 ? 'an empty list' : 'a list';
  if (typeof raw === 'object') return 'a map';
  if (typeof raw !== 'string') return String(raw);
  return quote(raw);
}

/** A text that came, for a message: shortened, and without a password that stands in an address. */
export function quote(text: string): string {
  const shown = redactSecrets(text);
  return JSON.stringify(shown.length > 60 ? `${shown.slice(0, 59)}…` : shown);
}

export function integer(min: number, max: number): ValueKind<number> {
  return {
    expected: `a whole number from ${min} to ${max}`,
    read(raw) {
      const value = typeof raw === 'string' && /^\d+$/.test(raw.trim()) ? Number(raw) : raw;
      if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
      return value >= min && value <= max ? value : undefined;
    },
  };
}

/** A number that may have decimals. */
export function decimal(min: number, max: number): ValueKind<number> {
  return {
    expected: `a number from ${min} to ${max}`,
    read(raw) {
      const isText = typeof raw === 'string' && /^\d+(\.\d+)?$/.test(raw.trim());
      const value = isText ? Number(raw) : raw;
      return typeof value === 'number' && value >= min && value <= max ? value : undefined;
    },
  };
}

export function choice<const T extends string>(choices: readonly T[]): ValueKind<T> {
  const last = choices[choices.length - 1];
  return {
    expected: `${choices.slice(0, -1).join(', ')} or ${last}`,
    read: (raw) => choices.find((one) => one === raw),
  };
}

/** `true` or `false`. */
export const flag: ValueKind<boolean> = {
  expected: 'true or false',
  read: (raw) => (typeof raw === 'boolean' ? raw : undefined),
};

/** Text that `accepts` says yes to, without space around it. */
export function text(expected: string, accepts: (text: string) => boolean): ValueKind<string> {
  return {
    expected,
    read(raw) {
      const value = typeof raw === 'string' ? raw.trim() : '';
      return value !== '' && accepts(value) ? value : undefined;
    },
    hint: (raw) =>
      typeof raw === 'number' || typeof raw === 'boolean' ? 'put it in quotes' : undefined,
  };
}

/** A list in YAML; on the command line and in variables separated by commas. */
export function list<T>(expected: string, item: ValueKind<T>): ValueKind<readonly T[]> {
  return {
    expected,
    list: true,
    read(raw) {
      const values: T[] = [];
      for (const part of parts(raw)) {
        const value = item.read(part);
        if (value === undefined) return undefined;
        values.push(value);
      }
      return values;
    },
    culprit: (raw) => parts(raw).find((part) => item.read(part) === undefined),
  };
}

function parts(raw: unknown): readonly unknown[] {
  if (Array.isArray(raw)) return raw.flatMap((part) => parts(part));
  if (typeof raw !== 'string') return [raw];
  return raw
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** A time from `min` to `max` ms. */
export function duration(min: number, max: number): ValueKind<number> {
  return {
    expected: `a time from ${formatDuration(min)} to ${formatDuration(max)}, such as 10s`,
    read(raw) {
      const value = parseDuration(raw);
      return value !== undefined && value >= min && value <= max ? value : undefined;
    },
    hint: missingUnit,
  };
}

/** A time up to `max` ms; 0 is at once, false is never. */
export function durationOrNever(max: number): ValueKind<number | false> {
  return {
    expected: `a time up to ${formatDuration(max)}, such as 10s, or 0 (at once) or false (never)`,
    read(raw) {
      if (raw === false || raw === 'false') return false;
      const value = parseDuration(raw);
      return value !== undefined && value <= max ? value : undefined;
    },
    hint: missingUnit,
  };
}

function missingUnit(raw: unknown): string | undefined {
  const bare = typeof raw === 'number' ? String(raw) : raw;
  if (typeof bare !== 'string' || !/^\d+(\.\d+)?$/.test(bare.trim())) return undefined;
  const digits = bare.trim();
  if (Number(digits) === 0) return undefined;
  return `it has no unit: write ${digits}s for seconds or ${digits}ms for milliseconds`;
}

/** A size from `min` to `max` bytes. */
export function size(min: number, max: number): ValueKind<number> {
  return {
    expected: `a size from ${formatSize(min)} to ${formatSize(max)}, such as 16MB`,
    read(raw) {
      const value = parseSize(raw);
      return value !== undefined && value >= min && value <= max ? value : undefined;
    },
    hint: (raw) =>
      typeof raw === 'string' && !sizePattern.test(raw.trim())
        ? 'the units are B, KB, MB and GB'
        : undefined,
  };
}

/** A size, or false for no limit. */
export function sizeOrFalse(min: number, max: number): ValueKind<number | false> {
  const kind = size(min, max);
  return {
    ...kind,
    expected: `${kind.expected.replace('such as 16MB', 'such as 16KB')}, or false (no limit)`,
    read: (raw) => (raw === false || raw === 'false' || raw === 'off' ? false : kind.read(raw)),
  };
}

/** A name or address as it stands in front of the port in a URL. */
export function isHostName(value: string): boolean {
  return isIP(value) !== 0 || /^[a-z0-9_](?:[a-z0-9_.-]{0,252})$/i.test(value);
}
