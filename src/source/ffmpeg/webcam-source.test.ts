import { describe, expect, it } from 'vitest';
import { type CaptureOptions, captureArguments, captureSystem } from './capture-system.ts';
import { parseWebcam, webcamSource } from './webcam-source.ts';

const both = [
  { format: 'mjpeg', sizes: [] },
  { format: 'yuyv422', sizes: [] },
];
const version = { major: 5, minor: 1 };

function argumentsOn(
  platform: NodeJS.Platform,
  input: string,
  options: CaptureOptions = {},
  formats = both,
): string {
  return captureArguments(captureSystem(platform), input, options, formats, version).join(' ');
}

const start =
  '-nostdin -hide_banner -loglevel error -fflags nobuffer -flags low_delay -fpsprobesize 0';
const copy = '-map 0:v:0 -an -sn -dn -c:v copy -flush_packets 1 -f mpjpeg pipe:1';
const encode =
  '-map 0:v:0 -an -sn -dn -c:v mjpeg -q:v 5 -pix_fmt yuvj420p -threads 1 -fps_mode passthrough -flush_packets 1 -f mpjpeg pipe:1';

describe('how a camera is captured', () => {
  it("Linux: the camera's own JPEG is passed on where it offers it", () => {
    expect(argumentsOn('linux', '/dev/video0')).toBe(
      `${start} -f v4l2 -input_format mjpeg -i /dev/video0 ${copy}`,
    );
  });

  it('Linux: other pictures are encoded', () => {
    expect(argumentsOn('linux', '/dev/video0', {}, both.slice(1))).toBe(
      `${start} -f v4l2 -i /dev/video0 ${encode}`,
    );
    expect(argumentsOn('linux', '/dev/video0', { format: 'yuyv' })).toBe(
      `${start} -f v4l2 -input_format yuyv422 -i /dev/video0 ${encode}`,
    );
  });

  it('Linux: size and rate are asked of the camera', () => {
    expect(argumentsOn('linux', '/dev/video0', { size: '1280x720', fps: 15 })).toBe(
      `${start} -f v4l2 -input_format mjpeg -video_size 1280x720 -framerate 15 -i /dev/video0 ${copy}`,
    );
  });

  it('macOS: raw pictures at a rate that cameras know, without sound', () => {
    expect(argumentsOn('darwin', '0', {}, [])).toBe(
      `${start} -f avfoundation -framerate 30 -i 0:none ${encode}`,
    );
    expect(argumentsOn('darwin', 'FaceTime HD Camera', { size: '640x480', fps: 15 }, [])).toBe(
      `${start} -f avfoundation -video_size 640x480 -framerate 15 -i FaceTime HD Camera:none ${encode}`,
    );
  });

  it('Windows: by name, its own JPEG where offered', () => {
    expect(argumentsOn('win32', 'HD Webcam', { size: '1280x720' })).toBe(
      `${start} -f dshow -rtbufsize 64M -vcodec mjpeg -video_size 1280x720 -i video=HD Webcam ${copy}`,
    );
    expect(argumentsOn('win32', 'HD Webcam', { format: 'yuyv', fps: 10 })).toBe(
      `${start} -f dshow -rtbufsize 64M -pixel_format yuyv422 -framerate 10 -i video=HD Webcam ${encode}`,
    );
  });

  it('an FFmpeg older than 5.1 is told in its own words not to repeat pictures', () => {
    const args = captureArguments(captureSystem('linux'), '/dev/video0', {}, [], {
      major: 4,
      minor: 4,
    });
    expect(args).toContain('-vsync');
    expect(args).not.toContain('-fps_mode');
  });
});

describe('how a camera is written', () => {
  it.each([
    ['webcam:0', { index: 0 }],
    ['webcam:/dev/video2', { path: '/dev/video2' }],
    ['/dev/video0', { path: '/dev/video0' }],
    [
      '/dev/v4l/by-id/usb-046d_HD_Pro_Webcam_C920-video-index0',
      { path: '/dev/v4l/by-id/usb-046d_HD_Pro_Webcam_C920-video-index0' },
    ],
    ['webcam:FaceTime HD Camera', { name: 'FaceTime HD Camera' }],
  ])('%s', (text, camera) => {
    expect(webcamSource.matches(text)).toBe(true);
    expect(parseWebcam(text).camera).toEqual(camera);
  });

  it('with options', () => {
    expect(parseWebcam('webcam:1?size=1280x720&fps=30&format=mjpeg')).toEqual({
      camera: { index: 1 },
      options: { size: '1280x720', fps: 30, format: 'mjpeg' },
    });
  });

  it.each([
    'webcam:',
    'webcam:/etc/passwd',
    'webcam:/dev/../etc/passwd',
    'webcam:/dev/..',
    'webcam:0?size=big',
    'webcam:0?fps=0',
    'webcam:0?format=h264',
    'webcam:0?colour=red',
  ])('%s is refused', (text) => {
    expect(() => parseWebcam(text)).toThrow(
      expect.objectContaining({ name: 'FramehubError', code: 'SOURCE_INVALID' }),
    );
  });

  it.each(['/dev/null', './video0', 'rtsp://host/', 'video0'])('%s is something else', (text) => {
    expect(webcamSource.matches(text)).toBe(false);
  });
});
