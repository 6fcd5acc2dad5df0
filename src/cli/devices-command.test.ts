import { expect, test } from 'vitest';
import { devicesText } from './devices-command.ts';

test('a webcam is told with its source and its formats', () => {
  const text = devicesText([
    {
      name: 'Desk Camera',
      source: 'webcam:0',
      formats: [
        { format: 'mjpeg', sizes: [{ size: '1280x720', fps: 30 }, { size: '640x480' }] },
        { format: 'yuyv422', sizes: [{ size: '640x480' }] },
      ],
    },
    { name: 'Lid', source: '/dev/v4l/by-id/lid', formats: [] },
  ]);
  expect(text).toBe(`  webcam:0            Desk Camera
                      mjpeg: 1280x720 at 30 fps, 640x480
                      yuyv422: 640x480
  /dev/v4l/by-id/lid  Lid

Watch one with "framehub webcam:0".
`);
});

test('a machine without a webcam gets a sentence', () => {
  expect(devicesText([])).toContain('No webcam was found');
});
