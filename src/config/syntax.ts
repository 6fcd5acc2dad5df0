import { type Document, LineCounter, type Node, parseDocument, visit, type YAMLError } from 'yaml';
import type { Faults } from './faults.ts';
import type { ConfigFile } from './file.ts';

/** A YAML file with the place of everything in it. */
export interface ParsedFile {
  readonly document: Document.Parsed;
  /** `framehub.yaml:3:7` of a node, or of the beginning of the file. */
  place(node: Node | null | undefined): string;
}

/**
 * Parses the file. Undefined when it has syntax faults, one of which is added for each line: what
 * the parser makes of such a file would be full of faults that nobody wrote.
 */
export function parseFile(file: ConfigFile, faults: Faults): ParsedFile | undefined {
  const lineCounter = new LineCounter();
  // `prettyErrors` would copy the line, and with it a password, into the message.
  const document = parseDocument(file.text, {
    lineCounter,
    prettyErrors: false,
    uniqueKeys: false,
  });
  const placeAt = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return `${file.path}:${line}:${col}`;
  };
  const problems = new Map<number, { place: string; problem: string }>();
  const add = (offset: number, problem: string) => {
    const { line } = lineCounter.linePos(offset);
    if (!problems.has(line)) problems.set(line, { place: placeAt(offset), problem });
  };

  for (const error of [...document.errors, ...document.warnings]) {
    add(error.pos[0], sentence(error, file.text));
  }
  visit(document, {
    Alias(_, node) {
      if (node.resolve(document) === undefined) add(node.range?.[0] ?? 0, sentences.BAD_ALIAS);
    },
  });
  for (const { place, problem } of problems.values()) faults.add(place, problem);
  if (problems.size > 0) return undefined;
  return { document, place: (node) => placeAt(node?.range?.[0] ?? 0) };
}

/** Our own words: those of the parser may quote the file, and with it a password. */
const sentences = {
  BAD_ALIAS: 'a value that begins with "*" or "&" must be in quotes',
  BAD_DQ_ESCAPE: 'a text in double quotes has a wrong "\\" escape; use single quotes',
  BAD_INDENT: 'this line is indented differently from its neighbours, or a bracket is not closed',
  BAD_SCALAR_START: 'a value that begins with @, `, % or another sign of YAML must be in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'expected one "key: value" on this line, got a second ":" or deeper lines',
  BLOCK_IN_FLOW: 'expected a plain value between the brackets, got a "key: value"',
  MISSING_CHAR: 'a closing quote, a bracket, a comma or the space after ":" is missing',
  MULTILINE_IMPLICIT_KEY: 'expected "key: value", got a line without ":"',
  MULTIPLE_DOCS: 'expected one document, got a second one after "---"',
  TAB_AS_INDENT: 'expected spaces in front of a line, got a tab',
  TAG_RESOLVE_FAILED: 'a value that begins with "!" must be in quotes; tags are not supported',
  UNEXPECTED_TOKEN: 'this does not belong here; is the line indented like its neighbours?',
} satisfies Partial<Record<YAMLError['code'], string>>;

/** `porch: push:` reads as a map in a map, and is what a newcomer writes. */
const endsWithColon = /:[ \t]+[^\s"'#{[]*:[ \t]*(?:[,}#].*)?$/;

function sentence(error: YAMLError, text: string): string {
  const lineStart = text.lastIndexOf('\n', error.pos[0] - 1) + 1;
  const line = text.slice(lineStart).split(/\r?\n/, 1)[0] ?? '';
  const nested = error.code === 'BLOCK_AS_IMPLICIT_KEY' || error.code === 'BLOCK_IN_FLOW';
  if (nested && (endsWithColon.test(line) || /:[ \t]*[,}]/.test(line))) {
    return 'a value that ends with ":" must be in quotes, such as "demo:"';
  }
  const known: Partial<Record<YAMLError['code'], string>> = sentences;
  return known[error.code] ?? `this is no valid YAML (${error.code})`;
}
