import { FramehubError } from '../../src/errors.ts';
import type { Source, SourceFrame } from '../../src/source.ts';

/** What a run of a source yields until it fails, and how it failed. */
export async function failureOf(
  source: Source,
): Promise<{ readonly error: FramehubError; readonly pictures: readonly SourceFrame[] }> {
  const pictures: SourceFrame[] = [];
  try {
    for await (const picture of source.frames(new AbortController().signal, 1)) {
      pictures.push(picture);
    }
  } catch (error) {
    if (error instanceof FramehubError) return { error, pictures };
    throw error;
  }
  throw new Error('expected a failure, but the run ended');
}
