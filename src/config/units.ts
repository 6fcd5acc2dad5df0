const durationUnits: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
};
/** Powers of 1024. */
const sizeUnits: Readonly<Record<string, number>> = { GB: 2 ** 30, MB: 2 ** 20, KB: 2 ** 10, B: 1 };

const durationPattern = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;
export const sizePattern = /^(\d+(?:\.\d+)?)(B|KB|MB|GB)?$/i;

/** `10s`, `500ms`, `1.5m`, `2h` or 0, as ms. A number without a unit could mean anything: undefined. */
export function parseDuration(raw: unknown): number | undefined {
  if (raw === 0 || raw === '0') return 0;
  const match = typeof raw === 'string' ? durationPattern.exec(raw.trim()) : null;
  const unit = durationUnits[match?.[2] ?? ''];
  return unit === undefined ? undefined : Math.round(Number(match?.[1]) * unit);
}

/** `16MB`, `512KB` or a number of bytes, as bytes. */
export function parseSize(raw: unknown): number | undefined {
  if (typeof raw === 'number') return Number.isInteger(raw) ? raw : undefined;
  const match = typeof raw === 'string' ? sizePattern.exec(raw.trim()) : null;
  const unit = sizeUnits[(match?.[2] ?? 'B').toUpperCase()];
  return match === null || unit === undefined ? undefined : Math.round(Number(match[1]) * unit);
}

export function formatDuration(ms: number): string {
  return inLargestUnit(ms, durationUnits);
}

export function formatSize(bytes: number): string {
  return inLargestUnit(bytes, sizeUnits);
}

/** Units come largest first. */
function inLargestUnit(value: number, units: Readonly<Record<string, number>>): string {
  if (value === 0) return '0';
  const fitting = Object.entries(units).find(([, unit]) => value % unit === 0);
  return fitting === undefined ? String(value) : `${value / fitting[1]}${fitting[0]}`;
}
