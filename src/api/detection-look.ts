import type { Detection } from './detection.ts';

/** Bright enough for dark letters, and each told from its neighbours. */
const COLORS = [
  ...['#a3e635', '#fb923c', '#38bdf8', '#f472b6', '#facc15', '#a78bfa'],
  ...['#2dd4bf', '#f87171', '#4ade80', '#e879f9', '#93c5fd', '#fda4af'],
];

/** Letters on one of the colours. */
export const LABEL_INK = '#0b0f12';

/** The colour of a label, `#rrggbb`: the same everywhere and at any time. */
export function labelColor(label: string): string {
  // FNV-1a (RFC 9923), 32 bits.
  let hash = 0x811c9dc5;
  for (const character of label) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return COLORS[hash % COLORS.length] ?? '#a3e635';
}

/** What stands at a box: the label, and the number of the track when there is one. */
export function labelText({ label, trackId }: Detection): string {
  return trackId === undefined ? label : `${label} ${trackId}`;
}

/** How sure the detector is, for people. */
export function scoreText({ score }: Detection): string {
  return `${Math.round(score * 100)}%`;
}
