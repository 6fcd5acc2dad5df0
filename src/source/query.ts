import { FramehubError } from '../errors.ts';

/** `images:./dir?fps=2` as `images:./dir` and `fps=2`. */
export function splitQuery(text: string): { readonly place: string; readonly query: string } {
  const mark = text.lastIndexOf('?');
  if (mark === -1) return { place: text, query: '' };
  return { place: text.slice(0, mark), query: text.slice(mark + 1) };
}

export interface NumberRange {
  readonly min: number;
  readonly max: number;
  /** Whole numbers only. */
  readonly whole?: boolean;
}

/** The options of a source, as written after its `?`. Every fault is a SOURCE_INVALID. */
export class SourceQuery {
  readonly #kind: string;
  readonly #given: URLSearchParams;

  /** @param known the names that may be given, each at most once. */
  constructor(kind: string, query: string, known: readonly string[]) {
    this.#kind = kind;
    this.#given = new URLSearchParams(query);
    for (const name of this.#given.keys()) {
      if (!known.includes(name)) {
        throw new FramehubError(
          'SOURCE_INVALID',
          `"${kind}:" has no option "${name}"; it has ${known.join(', ')}.`,
        );
      }
      if (this.#given.getAll(name).length > 1) {
        throw this.invalid(name, 'one value', this.#given.getAll(name).join('" and "'));
      }
    }
  }

  text(name: string): string | undefined {
    return this.#given.get(name) ?? undefined;
  }

  number(name: string, { min, max, whole = false }: NumberRange): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
    throw this.invalid(name, `a ${whole ? 'whole ' : ''}number from ${min} to ${max}`, text);
  }

  /** One of a few words. */
  choice<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const word = words.find((word) => word === text);
    if (word !== undefined) return word;
    throw this.invalid(name, words.join(' or '), text);
  }

  invalid(name: string, expected: string, came: string): FramehubError {
    return new FramehubError(
      'SOURCE_INVALID',
      `The option "${name}" of "${this.#kind}:" must be ${expected}, not "${came}".`,
    );
  }
}
