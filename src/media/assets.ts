import { fileURLToPath } from 'node:url';

/**
 * Path of a file shipped in `assets/`, such as `demo/demo.mjpeg`. The folder is two levels above
 * this file both in the sources and in the published build.
 */
export function assetPath(name: string): string {
  return fileURLToPath(new URL(`../../assets/${name}`, import.meta.url));
}
