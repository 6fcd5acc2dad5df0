import { win32 } from 'node:path';

/** Leaves room for a number behind it. */
const MAX_LENGTH = 60;

/** An id for a source given without one, such as `webcam-0`; never holds a part of a password. */
export function deriveCameraId(source: string, taken: ReadonlySet<string>): string {
  const slug = roughId(source)
    .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
    .replaceAll(/^[-_]+|-+$/g, '')
    .slice(0, MAX_LENGTH);
  const id = slug === '' ? 'camera' : slug;
  if (!taken.has(id)) return id;
  let number = 2;
  while (taken.has(`${id}-${number}`)) number += 1;
  return `${id}-${number}`;
}

function roughId(source: string): string {
  // One letter in front of a colon is a drive of Windows.
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]+):(.*)$/is.exec(source) ?? [];
  if (rest.startsWith('//')) return URL.canParse(source) ? new URL(source).hostname : scheme;
  switch (scheme.toLowerCase()) {
    case '':
      return fileName(withoutOptions(source));
    case 'webcam':
      return `webcam-${withoutOptions(rest)}`;
    case 'images':
      return fileName(withoutOptions(rest));
    case 'exec':
      return fileName(rest.trim().split(/\s/, 1)[0] ?? '');
    case 'ffmpeg':
      return /^[a-z][a-z0-9+.-]+:\/\/\S*$/i.test(rest) ? roughId(rest) : scheme;
    default:
      return scheme;
  }
}

/** Options stand behind the first `?` or `#`. */
function withoutOptions(text: string): string {
  return text.replace(/[?#].*$/s, '');
}

/** The last part of a path, `/` or `\` between them, without its extension. */
function fileName(path: string): string {
  return win32.parse(path).name;
}
