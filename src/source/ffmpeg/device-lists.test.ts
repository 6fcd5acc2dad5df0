import { expect, it } from 'vitest';
import {
  parseAvfoundationDevices,
  parseDshowDevices,
  parseDshowFormats,
  parseV4l2Devices,
  parseV4l2Formats,
} from './device-lists.ts';

it('Linux: the cameras, with or without what kind they are', () => {
  const output = `Auto-detected sources for video4linux2,v4l2:
* /dev/video0 [Virtual Camera] (none)
  /dev/video2 [HD Pro Webcam C920 [rev 2]]
Auto-detected sources for alsa:
  hw:0 [Microphone] (audio)
`;
  expect(parseV4l2Devices(output)).toEqual([
    { name: 'Virtual Camera', input: '/dev/video0' },
    { name: 'HD Pro Webcam C920 [rev 2]', input: '/dev/video2' },
  ]);
});

it('Linux: the formats and their sizes, also of cameras that scale', () => {
  const output = `[video4linux2,v4l2 @ 0x55ee0e09e900] Compressed:       mjpeg :          Motion-JPEG : 640x480 1280x720
[video4linux2,v4l2 @ 0x55ee0e09e900] Raw       :     yuyv422 :           YUYV 4:2:2 : 640x480
[in#0 @ 0x55ee0e09e900] Raw       :     yuv420p :     Planar YUV 4:2:0 : {32-2592, 2}x{32-1944, 2}
[video4linux2,v4l2 @ 0x55ee0e09e900] Compressed: Unsupported :                 MPEG : 640x480
[in#0 @ 0x55ee0e09e900] Compressed:        h264 :                H.264 :
/dev/video0: Immediate exit requested
`;
  expect(parseV4l2Formats(output)).toEqual([
    { format: 'mjpeg', sizes: [{ size: '640x480' }, { size: '1280x720' }] },
    { format: 'yuyv422', sizes: [{ size: '640x480' }] },
    { format: 'yuv420p', sizes: [{ size: '{32-2592, 2}x{32-1944, 2}' }] },
    { format: 'h264', sizes: [] },
  ]);
});

it('macOS: the cameras, without screens and microphones', () => {
  const output = `[AVFoundation indev @ 0x7fea535022c0] AVFoundation video devices:
[AVFoundation indev @ 0x7fea535022c0] [0] FaceTime HD Camera (Built-in)
[AVFoundation indev @ 0x7fea535022c0] [1] Capture screen 0
[AVFoundation indev @ 0x7fea535022c0] [2] USB [2.0] Camera
[AVFoundation indev @ 0x7fea535022c0] AVFoundation audio devices:
[AVFoundation indev @ 0x7fea535022c0] [0] Built-in Microphone
: Input/output error
`;
  expect(parseAvfoundationDevices(output)).toEqual([
    { name: 'FaceTime HD Camera (Built-in)', input: '0' },
    { name: 'USB [2.0] Camera', input: '2' },
  ]);
});

it('Windows: the cameras, as FFmpeg lists them since version 5', () => {
  const output = `[dshow @ 000001e5c6f0a1c0] "Integrated Webcam" (video)\r
[dshow @ 000001e5c6f0a1c0]   Alternative name "@device_pnp_\\\\?\\usb#vid_0c45&pid_6448&mi_00#7&2645f9e4&0&0000#{65e8773d-8f56-11d0-a3b9-00a0c9223196}\\global"\r
[dshow @ 000001e5c6f0a1c0] "OBS Virtual Camera" (none)\r
[dshow @ 000001e5c6f0a1c0] "Capture Card" (audio, video)\r
[in#0 @ 000001e5c6f0a1c0] "Microphone (High Definition Audio)" (audio)\r
dummy: Immediate exit requested\r
`;
  expect(parseDshowDevices(output)).toEqual([
    { name: 'Integrated Webcam', input: 'Integrated Webcam' },
    { name: 'Capture Card', input: 'Capture Card' },
  ]);
});

it('Windows: the cameras, as FFmpeg listed them before', () => {
  const output = `[dshow @ 00000000001c23c0] DirectShow video devices (some may be both video and audio devices)
[dshow @ 00000000001c23c0]  "Integrated Webcam"
[dshow @ 00000000001c23c0]     Alternative name "@device_pnp_\\\\?\\usb#vid_0c45"
[dshow @ 00000000001c23c0] DirectShow audio devices
[dshow @ 00000000001c23c0]  "Microphone (High Definition Audio)"
[dshow @ 00000000001c23c0]     Alternative name "@device_cm_{33D9A762}"
`;
  expect(parseDshowDevices(output)).toEqual([
    { name: 'Integrated Webcam', input: 'Integrated Webcam' },
  ]);
});

it('Windows: the formats, each size once with the highest rate', () => {
  const output = `[dshow @ 0000000000ea23e0] DirectShow video device options (from video devices)
[dshow @ 0000000000ea23e0]  Pin "Capture" (alternative pin name "0")
[dshow @ 0000000000ea23e0]   pixel_format=yuyv422  min s=640x480 fps=5 max s=640x480 fps=30
[dshow @ 0000000000ea23e0]   pixel_format=yuyv422  min s=640x480 fps=5 max s=640x480 fps=30 (tv, bt470bg/bt709/unknown, topleft)
[dshow @ 0000000000ea23e0]   pixel_format=yuyv422  min s=1280x720 fps=10 max s=1280x720 fps=10
[in#0 @ 0000000000ea23e0]   vcodec=mjpeg  min s=1280x720 fps=5 max s=1280x720 fps=60.0002
`;
  expect(parseDshowFormats(output)).toEqual([
    {
      format: 'yuyv422',
      sizes: [
        { size: '640x480', fps: 30 },
        { size: '1280x720', fps: 10 },
      ],
    },
    { format: 'mjpeg', sizes: [{ size: '1280x720', fps: 60 }] },
  ]);
});

it.each([parseV4l2Devices, parseV4l2Formats, parseAvfoundationDevices, parseDshowDevices])(
  'an answer without any camera is an empty list',
  (parse) => {
    expect(parse('')).toEqual([]);
    expect(parse('Unknown input format: v4l2\n')).toEqual([]);
  },
);
