import { isCameraId } from '../settings.ts';
import { type CameraEntry, type CheckSource, idRule } from './camera-entry.ts';
import type { Faults } from './faults.ts';
import { describeThrown } from './source-check.ts';
import { didYouMean } from './suggest.ts';
import { quote } from './values.ts';

export const subcommands = ['probe', 'devices'] as const;

/** Reads `[id=]source` arguments. */
export function readSources(
  positionals: readonly string[],
  checkSource: CheckSource,
  faults: Faults,
): CameraEntry[] {
  const cameras: CameraEntry[] = [];
  const seen = new Set<string>();
  for (const [index, text] of positionals.entries()) {
    const place = `source ${index + 1}`;
    const { id, source } = splitSource(text);
    if (id !== undefined && !isCameraId(id)) {
      faults.add(place, `expected ${idRule} before the "=", got ${quote(id)}`);
      continue;
    }
    if (id !== undefined && seen.has(id)) {
      faults.add(place, `the id ${JSON.stringify(id)} is given twice`);
      continue;
    }
    if (id !== undefined) seen.add(id);
    try {
      checkSource(source);
      cameras.push({ id, source });
    } catch (thrown) {
      const near = index === 0 ? didYouMean(source, subcommands) : '';
      faults.add(
        place,
        near === ''
          ? describeThrown(thrown)
          : `${quote(source)} is neither a command nor a source${near}`,
      );
    }
  }
  return cameras;
}

/**
 * `front=webcam:0` → id and source. A "=" further in belongs to the source (`http://…?a=b`): what
 * is in front of it then holds one of the signs that begin every source but a bare file name.
 */
function splitSource(text: string): { id: string | undefined; source: string } {
  const at = text.indexOf('=');
  const before = text.slice(0, Math.max(0, at));
  if (at === -1 || /[:/\\?#]/.test(before)) return { id: undefined, source: text };
  return { id: before, source: text.slice(at + 1) };
}
