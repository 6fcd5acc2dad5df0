// @ts-check

/**
 * Three digits, as far as they say something: 0.224, 12.3, 951, 12,300.
 *
 * @param {number} value
 */
export function digits(value) {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.floor(Math.log10(Math.abs(value)));
  const places = Math.max(0, Math.min(4, 2 - size));
  return value.toLocaleString('en', {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  });
}

/** @param {number} value */
export function times(value) {
  return `${digits(value)} ×`;
}

/**
 * @param {import('./statistics.mjs').Summary | undefined} summary
 * @param {(value: number) => string} [format]
 */
export function withSpread(summary, format = digits) {
  if (summary === undefined) return '–';
  const { median, min, max, count } = summary;
  return count === 1 ? format(median) : `${format(median)} (${digits(min)}–${digits(max)})`;
}

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
export function markdownTable(head, rows) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(' | ')} |`;
  const align = head.map((_, index) => (index === 0 ? '---' : '--:'));
  return [line(head), `|${align.join('|')}|`, ...rows.map(line)].join('\n');
}
