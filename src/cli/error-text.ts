import { FramehubError, toFramehubError } from '../errors.ts';

const PREFIX = 'framehub: ';

/** An error for a person: what happened, what to do, the code; the stack when it is our own fault. */
export function errorText(thrown: unknown): string {
  const error = toFramehubError(thrown);
  // Several faults come as several lines; the later ones stand below the first.
  const message = error.message.replaceAll('\n', `\n${' '.repeat(PREFIX.length)}`);
  const text = `${PREFIX}${message}\n  ${error.help}\n  ${error.code}\n`;
  const origin = thrown instanceof FramehubError ? thrown.cause : thrown;
  if (error.code !== 'INTERNAL' || !(origin instanceof Error)) return text;
  return `${text}${origin.stack ?? ''}\n`;
}
