import type { Detection } from '../../src/api/detection.ts';

/** Results that are looked at: one that misses something for a moment is no news. */
const LOOKED_AT = 5;

/** English is not regular; these are the names of COCO that are not. */
const PLURALS: Readonly<Record<string, string>> = {
  person: 'people',
  sheep: 'sheep',
  mouse: 'mice',
  knife: 'knives',
  skis: 'skis',
  scissors: 'scissors',
  broccoli: 'broccoli',
  'sports ball': 'sports balls',
  motion: 'moving things',
};

export interface Count {
  readonly label: string;
  readonly words: string;
}

/** How many of what are in view, from the last few results: the usual count of each. */
export class Counter {
  readonly #results: ReadonlyMap<string, number>[] = [];

  add(detections: readonly Detection[]): void {
    const counts = new Map<string, number>();
    for (const { label } of detections) counts.set(label, (counts.get(label) ?? 0) + 1);
    this.#results.push(counts);
    if (this.#results.length > LOOKED_AT) this.#results.shift();
  }

  clear(): void {
    this.#results.length = 0;
  }

  /** `3 people`, `1 truck`; the most numerous first, nothing that is not there. */
  get counts(): readonly Count[] {
    const labels = new Set(this.#results.flatMap((counts) => [...counts.keys()]));
    return [...labels]
      .map((label) => ({ label, count: this.#usual(label) }))
      .filter(({ count }) => count > 0)
      .sort((one, other) => other.count - one.count || one.label.localeCompare(other.label))
      .map(({ label, count }) => ({ label, words: countWords(count, label) }));
  }

  #usual(label: string): number {
    const sorted = this.#results.map((counts) => counts.get(label) ?? 0).sort((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? 0;
  }
}

export function countWords(count: number, label: string): string {
  if (count !== 1) return `${count} ${plural(label)}`;
  return label === 'motion' ? '1 moving thing' : `1 ${label}`;
}

function plural(label: string): string {
  const known = PLURALS[label];
  if (known !== undefined) return known;
  if (/(s|x|z|ch|sh)$/.test(label)) return `${label}es`;
  if (/[^aeiou]y$/.test(label)) return `${label.slice(0, -1)}ies`;
  return `${label}s`;
}
