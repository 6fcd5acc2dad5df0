const SPACE = /\s/;

/**
 * A command line as its arguments, the way a shell splits it, but nothing is expanded or run:
 * spaces separate; '…' and "…" keep spaces; a backslash keeps a following quote, space or backslash
 * as it is, and stands for itself before anything else (so Windows paths need no doubling).
 *
 * @returns undefined when a quote is not closed.
 */
export function splitArguments(text: string): string[] | undefined {
  const args: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    const next = text.charAt(at + 1);
    if (char === '\\' && quote !== "'" && isEscapable(next, quote)) {
      word = (word ?? '') + next;
      at += 1;
    } else if (quote !== undefined) {
      if (char === quote) quote = undefined;
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (SPACE.test(char)) {
      if (word !== undefined) args.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote !== undefined) return undefined;
  if (word !== undefined) args.push(word);
  return args;
}

function isEscapable(char: string, quote: string | undefined): boolean {
  if (quote !== undefined) return char === quote || char === '\\';
  return char === '"' || char === "'" || char === '\\' || (char !== '' && SPACE.test(char));
}
