import { isAlias, isNode, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import type { Faults } from './faults.ts';
import type { ParsedFile } from './syntax.ts';
import { quote } from './values.ts';

/** One `key: value` of a map. */
export interface Entry {
  readonly key: string;
  readonly keyNode: Node | null;
  readonly value: Node | null;
  /** The value as plain data; a map as `{}`, a list as its values. */
  readonly raw: unknown;
}

/** The pairs of a map; a key given twice is a fault and its first value counts. */
export function* entriesOf(
  file: ParsedFile,
  faults: Faults,
  map: YAMLMap,
  what: string,
): Generator<Entry> {
  const seen = new Map<string, Node | null>();
  for (const pair of map.items) {
    const keyNode = isNode(pair.key) ? pair.key : null;
    const value = isNode(pair.value) ? pair.value : null;
    // The key as written: `007` is a name here, not the number 7.
    const key = isScalar(keyNode) ? (keyNode.source ?? String(keyNode.value)) : '';
    if (seen.has(key)) {
      const first = file.place(seen.get(key));
      faults.add(
        file.place(keyNode),
        `the ${what} ${quote(key)} is given twice, first at ${first}`,
      );
      continue;
    }
    seen.set(key, keyNode);
    yield { key, keyNode, value, raw: plain(file, value) };
  }
}

function plain(file: ParsedFile, node: Node | null): unknown {
  const target = resolve(file, node);
  if (target === null) return null;
  if (isScalar(target)) return target.value;
  if (!isSeq(target)) return {};
  // No value is a list of lists, so this goes no deeper (an alias may point to its own list).
  return target.items.map((item) => {
    const part = isNode(item) ? resolve(file, item) : null;
    return isScalar(part) ? part.value : {};
  });
}

/** The node itself, or the one an alias stands for. */
export function resolve(file: ParsedFile, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(file.document) ?? null) : node;
}
