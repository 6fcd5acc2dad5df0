import { describe, expect, it } from 'vitest';
import { deviceFailure, type FfmpegEnd, ffmpegFailure } from './failure.ts';

const network: FfmpegEnd = {
  code: 1,
  signal: null,
  stderr: '',
  pictures: 0,
  silence: 50,
  label: 'rtsp://front:***@10.0.0.5/cam',
  device: false,
};
const webcam: FfmpegEnd = { ...network, label: 'webcam:0', device: true };

describe('what FFmpeg 5.1 said on Linux', () => {
  it.each([
    ['DEVICE_BUSY', webcam, '/dev/video0: Device or resource busy'],
    [
      'DEVICE_NOT_FOUND',
      webcam,
      '[video4linux2,v4l2 @ 0x555f26457940] Cannot open video device /dev/video7: No such file or directory\n/dev/video7: No such file or directory',
    ],
    [
      'DEVICE_NOT_FOUND',
      { ...webcam, code: 0, pictures: 900 },
      '[video4linux2,v4l2 @ 0x55f20e4b7a00] ioctl(VIDIOC_DQBUF): No such device\n/dev/video0: No such device\nioctl(VIDIOC_QBUF): Bad file descriptor',
    ],
    [
      'DEVICE_DENIED',
      webcam,
      '[video4linux2,v4l2 @ 0x5592fe02aa00] Cannot open video device /dev/video0: Permission denied\n/dev/video0: Permission denied',
    ],
    [
      'SOURCE_REFUSED',
      network,
      '[tcp @ 0x562e22bd68c0] Connection to tcp://127.0.0.1:9?timeout=5000000 failed: Connection refused\nrtsp://u:secret@127.0.0.1:9/x: Connection refused',
    ],
    [
      'SOURCE_UNKNOWN_HOST',
      network,
      '[tcp @ 0x56431b5368c0] Failed to resolve hostname nosuch.invalid: Name or service not known\nrtsp://u:secret@nosuch.invalid/x: Input/output error',
    ],
    [
      'SOURCE_UNAUTHORIZED',
      network,
      '[rtsp @ 0x555e009fc940] method DESCRIBE failed: 401 Unauthorized\nrtsp://u:secret@127.0.0.1:18999/cam: Server returned 401 Unauthorized (authorization failed)',
    ],
    [
      'SOURCE_NOT_FOUND',
      network,
      '[rtsp @ 0x560b63bb7940] method DESCRIBE failed: 404 Not Found\nrtsp://u:secret@127.0.0.1:18999/nope: Server returned 404 Not Found',
    ],
    [
      'SOURCE_TIMEOUT',
      network,
      '[rtmp @ 0x561c1c53a200] Cannot read RTMP handshake response\nrtmp://127.0.0.1:18554/x/y: Connection timed out',
    ],
    [
      'SOURCE_TIMEOUT',
      { ...network, silence: 10_020 },
      'rtsp://127.0.0.1:18554/x: Invalid data found when processing input',
    ],
    [
      'SOURCE_UNREACHABLE',
      network,
      '[srt @ 0x55ae96e98200] Connection to srt://127.0.0.1:9 failed: Input/output error\nsrt://127.0.0.1:9: Input/output error',
    ],
    [
      'SOURCE_UNREACHABLE',
      network,
      '[tcp @ 0x1] Connection to tcp://10.0.0.5:554 failed: No route to host',
    ],
    ['SOURCE_NOT_FOUND', network, 'file:/nonexist.mp4: No such file or directory'],
    ['SOURCE_NOT_PICTURES', network, 'file:/etc/passwd: Invalid data found when processing input'],
    ['SOURCE_NOT_PICTURES', network, 'file:/etc: Is a directory'],
    [
      'SOURCE_NOT_PICTURES',
      network,
      "Stream map '0:v:0' matches no streams.\nTo ignore this, add a trailing '?' to the map.",
    ],
    [
      'FFMPEG_FAILED',
      network,
      "Unrecognized option 'bogus'.\nError splitting the argument list: Option not found",
    ],
  ] as const)('means %s', (code, end, stderr) => {
    const error = ffmpegFailure({ ...end, stderr });
    expect(error.code).toBe(code);
    expect(error.message).toContain(end.label);
    expect(error.message).not.toContain('secret');
    expect(error.message).not.toContain(' @ 0x');
  });
});

describe('what FFmpeg says elsewhere, from its sources and published output', () => {
  it.each([
    ['DEVICE_NOT_FOUND', '[avfoundation @ 0x7f9] Invalid device index'],
    ['DEVICE_NOT_FOUND', '[AVFoundation indev @ 0x7f9] Video device not found'],
    [
      'DEVICE_NOT_FOUND',
      '[dshow @ 000001] Could not find video device with name [Cam] among source devices of type video.\nvideo=Cam: I/O error',
    ],
    [
      'DEVICE_BUSY',
      '[dshow @ 000001] Could not run graph (sometimes caused by a device already in use by other application)\nvideo=Cam: I/O error',
    ],
  ])('means %s', (code, stderr) => {
    expect(deviceFailure(stderr, 'webcam:0').code).toBe(code);
  });
});

it('a newer FFmpeg adds an empty phrase after the reason, which is not taken for it', () => {
  const stderr = [
    '[in#0 @ 0x55] Error opening input: Server returned 401 Unauthorized (authorization failed)',
    'Error opening input file rtsp://u:secret@10.0.0.5/cam.',
    'Error opening input files: Server returned 401 Unauthorized (authorization failed)',
  ].join('\n');
  expect(ffmpegFailure({ ...network, stderr }).code).toBe('SOURCE_UNAUTHORIZED');
});

it('an old complaint of the decoder is not why a healthy stream ended', () => {
  const stderr = '[h264 @ 0x55] Invalid data found when processing input';
  const error = ffmpegFailure({ ...network, code: 0, pictures: 90_000, stderr });
  expect(error.code).toBe('SOURCE_ENDED');
  expect(error.message).toContain('90000');
});

it('an unplugged camera is told from one that never was there', () => {
  const stderr = '/dev/video0: No such device';
  expect(ffmpegFailure({ ...webcam, stderr }).message).toContain('no camera is there');
  expect(ffmpegFailure({ ...webcam, stderr, pictures: 1 }).message).toContain('unplugged');
});

it('a signal that ended FFmpeg is named', () => {
  const error = ffmpegFailure({ ...webcam, code: null, signal: 'SIGSEGV', pictures: 3 });
  expect(error).toMatchObject({ code: 'FFMPEG_FAILED' });
  expect(error.message).toContain('SIGSEGV');
});

it('a failure FFmpeg has words for, and this table none, is told in its words', () => {
  const error = ffmpegFailure({
    ...network,
    stderr: '[libx @ 0x1] Specified sample format is not supported\nConversion failed!',
  });
  expect(error.code).toBe('FFMPEG_FAILED');
  expect(error.message).toContain('Specified sample format is not supported');
  expect(error.message).toContain('exit code 1');
});

it('a very long line is cut', () => {
  const error = ffmpegFailure({ ...network, stderr: `oops ${'x'.repeat(5_000)}` });
  expect(error.message.length).toBeLessThan(500);
});
