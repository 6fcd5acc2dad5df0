import { expect, test } from 'vitest';
import { isCameraId } from '../settings.ts';
import { deriveCameraId } from './camera-id.ts';

const none = new Set<string>();

test.each([
  ['demo:', 'demo'],
  ['test:?size=64x64', 'test'],
  ['push:', 'push'],
  ['webcam:0', 'webcam-0'],
  ['webcam:FaceTime HD', 'webcam-FaceTime-HD'],
  ['webcam:1?size=1280x720&fps=30', 'webcam-1'],
  ['/dev/video2', 'video2'],
  ['clip.mp4#fps=5', 'clip'],
  ['rtsp://user:pw@10.0.0.5/stream', '10-0-0-5'],
  ['rtsp://user:p/w@10.0.0.5/stream', 'rtsp'],
  ['rtsp://[fe80::1]:554/x', 'fe80-1'],
  ['http://cam.local:8080/mjpg?x=1', 'cam-local'],
  ['srt://:9000', 'srt'],
  ['ffmpeg:rtsp://u:pw@10.0.0.6/', '10-0-0-6'],
  ['ffmpeg:-f lavfi -i testsrc', 'ffmpeg'],
  ['exec:/usr/bin/rpicam-vid -t 0 -o -', 'rpicam-vid'],
  ['images:./pictures/garden?fps=1', 'garden'],
  ['images:.', 'camera'],
  ['clip.mp4', 'clip'],
  ['./films/my clip.final.mp4', 'my-clip-final'],
  ['C:\\films\\clip.mp4', 'clip'],
  ['…', 'camera'],
  [`${'x'.repeat(100)}.mp4`, 'x'.repeat(60)],
])('%j is called %j', (source, id) => {
  expect(deriveCameraId(source, none)).toBe(id);
  expect(isCameraId(id)).toBe(true);
});

test('an id that is taken gets the next free number', () => {
  expect(deriveCameraId('demo:', new Set(['demo', 'demo-2']))).toBe('demo-3');
  const long = `${'x'.repeat(100)}.mp4`;
  expect(isCameraId(deriveCameraId(long, new Set(['x'.repeat(60)])))).toBe(true);
});
