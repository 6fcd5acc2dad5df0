import { readFileSync } from 'node:fs';

/** The version in package.json, which lies one folder above this file, built or not. */
export function packageVersion(): string {
  const file = new URL('../package.json', import.meta.url);
  const { version }: { version?: unknown } = JSON.parse(readFileSync(file, 'utf8'));
  return String(version);
}
