import type { CameraInfo } from '../../src/api/camera-schemas.ts';

/** What is asked of a camera here. */
export type CameraFacts = Pick<CameraInfo, 'status' | 'fps' | 'width' | 'height'> & {
  readonly readers: readonly { readonly kind: string }[];
};

/** Readers that are parts of the server. */
const HELPERS: ReadonlySet<string> = new Set(['detector', 'events']);

/** "10 fps · 2 viewers": what there is to know of a camera at a glance. */
export function shortFacts(camera: CameraFacts): string {
  return join([camera.status.state === 'live' ? fpsText(camera.fps) : '', viewersText(camera)]);
}

/** The same with the size in front. */
export function facts(camera: CameraFacts): string {
  const { width, height } = camera;
  return join([width && height ? `${width} × ${height}` : '', shortFacts(camera)]);
}

/** "4 cameras · 3 live" */
export function summary(cameras: readonly CameraFacts[]): string {
  if (cameras.length === 0) return '';
  const live = cameras.filter(({ status }) => status.state === 'live').length;
  return join([count(cameras.length, 'camera'), live === 0 ? 'none live' : `${live} live`]);
}

/** The shape most of the pictures have, width by height, so that the rows of a grid are even. */
export function commonRatio(cameras: readonly CameraFacts[]): number {
  const votes = new Map<number, number>();
  for (const camera of cameras) {
    if (camera.width) votes.set(ratio(camera), (votes.get(ratio(camera)) ?? 0) + 1);
  }
  const [first] = [...votes].sort(([wide, many], [other, more]) => more - many || other - wide);
  return first?.[0] ?? 16 / 9;
}

export function ratio({ width, height }: CameraFacts): number {
  return width && height ? width / height : 16 / 9;
}

function fpsText(fps: number): string {
  return fps === 0 ? '' : `${fps < 9.95 ? Number(fps.toFixed(1)) : Math.round(fps)} fps`;
}

function viewersText({ readers }: CameraFacts): string {
  const viewers = readers.filter(({ kind }) => !HELPERS.has(kind)).length;
  return viewers === 0 ? 'nobody watches' : count(viewers, 'viewer');
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

function join(parts: readonly string[]): string {
  return parts.filter(Boolean).join(' · ');
}
