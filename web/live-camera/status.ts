import type { CameraStatus } from '../../src/api/camera-status.ts';

/** What a player shows: what its camera is doing, or why that can't be known. */
export type PlayerStatus =
  | CameraStatus
  /** Hidden, off-screen or not on the page: asks for nothing. */
  | { state: 'paused'; reason: string }
  | { state: 'connecting'; reason: string }
  /** The server doesn't answer; it is asked again by itself. */
  | { state: 'away'; reason: string }
  /** The server is there and says no. */
  | { state: 'refused'; reason: string }
  /** The camera was removed (`known`), or there never was one with this id. */
  | { state: 'gone'; reason: string; known: boolean };

/** True when the status is the camera's own, as the server tells it. */
export function isCameraStatus(status: PlayerStatus): status is CameraStatus {
  return 'since' in status;
}
