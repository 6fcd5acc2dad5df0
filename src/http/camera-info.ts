import type { CameraInfo } from '../api/camera-schemas.ts';
import type { DetectionResult, DetectorReport } from '../api/detection.ts';
import type { Camera } from '../camera/camera.ts';
import type { Detections } from '../detection/detections.ts';
import { VARIANT_READER } from '../variant/variant.ts';
import type { Variants } from '../variant/variants.ts';
import type { Role } from './access.ts';

/** The parts that know something about a camera. */
export interface InfoSources {
  readonly variants: Variants;
  readonly detections: Pick<Detections, 'report' | 'results'>;
}

/** The truth about a camera; addresses of sources and viewers are for admins. */
export function cameraInfo(
  camera: Camera,
  { variants, detections }: InfoSources,
  role: Role,
): CameraInfo {
  const { channel } = camera;
  const forms = variants.of(channel);
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
    ...detectorInfo(camera, detections),
    variants: forms.map(
      ({ label, spec, encodes, skipped, channel: { latest: newest, readers } }) => ({
        label,
        ...spec,
        encodes,
        skipped,
        readers: readers.size,
        ...(newest === undefined ? {} : { bytes: newest.data.length }),
      }),
    ),
    readers: [channel, ...forms.map((form) => form.channel)]
      .flatMap(({ readers }) => [...readers])
      // A variant reads on behalf of its own readers, who are listed.
      .filter(({ identity }) => identity.kind !== VARIANT_READER)
      .map((reader) => {
        const { address, ...report } = reader.report();
        return admin ? { ...report, address } : report;
      }),
  };
}

function detectorInfo(
  { id }: Camera,
  detections: InfoSources['detections'],
): Pick<CameraInfo, 'detector' | 'lastResult'> {
  const report = detections.report(id);
  const { latest } = detections.results(id);
  return {
    ...(report === undefined ? {} : { detector: detectorOf(report) }),
    ...(latest === undefined ? {} : { lastResult: summaryOf(latest) }),
  };
}

function detectorOf({ detector, ...rest }: DetectorReport) {
  return { name: detector, ...rest };
}

function summaryOf({ seq, capturedAt, detector, detections }: DetectionResult) {
  return { seq, capturedAt, detector, detections: detections.length };
}
