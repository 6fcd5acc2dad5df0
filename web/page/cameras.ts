import type { CameraInfo } from '../../src/api/camera-schemas.ts';

export type CameraList =
  | { kind: 'cameras'; cameras: readonly CameraInfo[] }
  | { kind: 'unauthorized' }
  | { kind: 'away'; reason: string };

const PATIENCE = 5_000;

/** Never throws. `token` is the one of this page's own address, if there was one. */
export async function fetchCameras(token: string): Promise<CameraList> {
  const url = new URL('api/cameras', document.baseURI);
  if (token) url.searchParams.set('token', token);
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const response = await fetch(url, { cache: 'no-store', signal });
    if (response.status === 401) return { kind: 'unauthorized' };
    if (!response.ok) return { kind: 'away', reason: `It answered ${response.status}.` };
    const { cameras } = (await response.json()) as { cameras: readonly CameraInfo[] };
    return { kind: 'cameras', cameras };
  } catch {
    return { kind: 'away', reason: '' };
  }
}
