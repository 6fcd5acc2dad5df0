import { expect, it } from 'vitest';
import { fileArguments, filePath, fileSource } from './file-source.ts';

it.each([
  'clip.mp4',
  'CLIP.MP4',
  './recordings/front door',
  '../clip.mkv',
  '/srv/clip.webm',
  'file:clip.mp4',
  'file:///srv/clip.mp4',
  'C:\\clips\\front.avi',
  'D:/clip',
])('%s is a file', (text) => {
  expect(fileSource.matches(text)).toBe(true);
  expect(fileSource.isLocal(text)).toBe(true);
});

it.each([
  '/dev/video0',
  'http://host/clip.mp4',
  'rtsp://host/clip.mp4',
  'images:./folder',
  'ffmpeg:clip.mp4',
  'front',
  'demo:',
])('%s is something else', (text) => {
  expect(fileSource.matches(text)).toBe(false);
});

it('plays in real time, for ever', () => {
  const args = fileArguments('./a:b.mp4', { major: 5, minor: 1 }).join(' ');
  expect(args).toContain('-re -stream_loop -1 -i file:./a:b.mp4 ');
});

it('a path is taken as it is, an address of a file as its path', () => {
  expect(filePath('./my clip.mp4')).toBe('./my clip.mp4');
  expect(filePath('file:clip.mp4')).toBe('clip.mp4');
  expect(filePath('file:///srv/my%20clip.mp4')).toBe('/srv/my clip.mp4');
});

it.each(['file:', 'file://host/clip.mp4'])('%s is refused', (text) => {
  expect(() => filePath(text)).toThrow(
    expect.objectContaining({ name: 'FramehubError', code: 'SOURCE_INVALID' }),
  );
});
