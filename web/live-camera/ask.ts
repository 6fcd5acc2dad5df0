import type { CameraStatus } from '../../src/api/camera-status.ts';
import { cameraUrl, type ServerAddress } from './address.ts';

/** What the server says of a camera over plain HTTP. */
export type Answer =
  /** `now` is the server's clock, to the second, or this machine's. */
  | { kind: 'camera'; name: string; status: CameraStatus; now: number }
  | { kind: 'unknown'; reason: string }
  | { kind: 'refused'; reason: string }
  | { kind: 'away'; reason: string };

/** Asks for one camera; `signal` limits how long. Never throws: a question aborted is answered `away`. */
export async function askCamera(
  address: ServerAddress,
  camera: string,
  signal: AbortSignal,
): Promise<Answer> {
  const url = cameraUrl(address, camera);
  try {
    const response = await fetch(url, { cache: 'no-store', signal });
    const { status } = response;
    if (status === 401)
      return { kind: 'refused', reason: 'The server asks for a token; open the link it printed.' };
    if (status === 403) return { kind: 'refused', reason: 'The server does not answer this page.' };
    if (status === 404) return { kind: 'unknown', reason: `The server has no camera "${camera}".` };
    if (!response.ok) return { kind: 'away', reason: `The server answered ${status}.` };
    const { name, status: doing } = (await response.json()) as {
      name: string;
      status: CameraStatus;
    };
    const now = Date.parse(response.headers.get('date') ?? '') || Date.now();
    return { kind: 'camera', name, status: doing, now };
  } catch {
    // A page of another origin can't tell "away" from "not allowed", except by asking blindly.
    const there = !signal.aborted && (await answersBlindly(url, signal));
    return there
      ? { kind: 'refused', reason: `Add ${location.origin} to the server's "allowedOrigins".` }
      : { kind: 'away', reason: '' };
  }
}

async function answersBlindly(url: string, signal: AbortSignal): Promise<boolean> {
  if (new URL(url).origin === location.origin) return false;
  return fetch(url, { mode: 'no-cors', cache: 'no-store', signal }).then(
    () => true,
    () => false,
  );
}
