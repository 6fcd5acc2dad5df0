/** Events that may begin in the same ms. */
const PER_MS = 1024;
/** 2200-01-01: a clock beyond is wrong, and its numbers would not be exact any more. */
const LAST_TIME = 7_258_118_400_000;
const DAY = 86_400_000;

/** The first number an event may have that was first seen then, ms since the epoch. */
export function firstIdAt(time: number): number {
  const ms = Math.floor(time);
  return Math.min(Math.max(Number.isFinite(ms) ? ms : 0, 0), LAST_TIME) * PER_MS;
}

/** As others see it: of ten letters and digits for our time, sorted as the numbers are. */
export function idText(id: number): string {
  return id.toString(36);
}

/** Undefined for what is no id. */
export function parseIdText(text: string): number | undefined {
  if (!/^[0-9a-z]{1,11}$/.test(text)) return undefined;
  const id = Number.parseInt(text, 36);
  return Number.isSafeInteger(id) && idText(id) === text ? id : undefined;
}

/** The day (UTC) in whose folder its picture is: `2026-01-31`. */
export function dayOf(id: number): string {
  return new Date(Math.floor(id / PER_MS)).toISOString().slice(0, 10);
}

/** The first number of events that are at most so old. */
export function firstIdSince(days: number, now: number): number {
  return firstIdAt(now - days * DAY);
}
