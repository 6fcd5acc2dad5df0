import type { CameraInfo } from '../api/camera-schemas.ts';
import type { Camera } from '../camera/camera.ts';
import type { Role } from './access.ts';

/** The truth about a camera; addresses of sources and viewers are for admins. */
export function cameraInfo(camera: Camera, role: Role): CameraInfo {
  const { channel } = camera;
  const { latest } = channel;
  const admin = role === 'admin';
  return {
    id: camera.id,
    name: channel.name,
    kind: camera.source.kind,
    ...(admin ? { source: camera.source.label } : {}),
    status: channel.status,
    seq: latest?.seq ?? 0,
    ...(latest === undefined ? {} : { width: latest.width, height: latest.height }),
    fps: Math.round(channel.fps * 10) / 10,
    starts: camera.starts,
    rejected: camera.rejected,
    ...camera.times,
    readers: [...channel.readers].map((reader) => {
      const { address, ...report } = reader.report();
      return admin ? { ...report, address } : report;
    }),
  };
}
