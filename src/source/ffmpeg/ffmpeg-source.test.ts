import { expect, it } from 'vitest';
import { isAtLeast, parseVersion } from './ffmpeg.ts';
import { ffmpegSource, inputArguments, rawArguments } from './ffmpeg-source.ts';

it.each([
  ['http://host/stream', '-rw_timeout 10000000 -i http://host/stream'],
  ['http://host/video.m3u8', '-re -rw_timeout 10000000 -i http://host/video.m3u8'],
  ['my clip.mp4', '-re -i my clip.mp4'],
  ['udp://239.0.0.1:1234', '-i udp://239.0.0.1:1234'],
  ['-rtsp_transport udp -i rtsp://host/x', '-rtsp_transport udp -i rtsp://host/x'],
  ['-f lavfi -i testsrc2=rate=10', '-re -f lavfi -i testsrc2=rate=10'],
  ['-readrate 2 -i clip.mp4', '-readrate 2 -i clip.mp4'],
  ['-f x11grab -i :0.0', '-f x11grab -i :0.0'],
  ['-f lavfi -i "testsrc2, negate" -vf hflip', '-re -f lavfi -i testsrc2, negate -vf hflip'],
])('%s reads %s', (text, args) => {
  expect(inputArguments(text).join(' ')).toBe(args);
});

it.each(['', '-f lavfi -i', '-i "open'])('"%s" is refused', (text) => {
  expect(() => inputArguments(text)).toThrow(
    expect.objectContaining({ name: 'FramehubError', code: 'SOURCE_INVALID' }),
  );
});

it('runs with what the operator may do, so it is local, and shows no password', () => {
  const text = 'ffmpeg:-rtsp_transport udp -i rtsp://user:geheim@host/x';
  expect(ffmpegSource.matches(text)).toBe(true);
  expect(ffmpegSource.isLocal(text)).toBe(true);
  const context = { camera: 'a', ffmpeg: 'ffmpeg', maxPictureBytes: 1000 };
  expect(ffmpegSource.open(text, context).label).toBe(
    'ffmpeg:-rtsp_transport udp -i rtsp://user:***@host/x',
  );
});

it('asks FFmpeg nothing on its standard input, and writes pictures to its output', () => {
  const args = rawArguments(['-i', 'x'], undefined).join(' ');
  expect(args).toMatch(/^-nostdin /);
  expect(args).toMatch(/-f mpjpeg pipe:1$/);
});

it.each([
  ['ffmpeg version 5.1.9-0+deb12u1 Copyright', { major: 5, minor: 1 }],
  ['ffmpeg version 4.4.2-0ubuntu0.22.04.1 Copyright', { major: 4, minor: 4 }],
  ['ffmpeg version n7.1 Copyright', { major: 7, minor: 1 }],
  ['ffmpeg version 2024-01-01-git-e1c1dc8347-full_build', undefined],
  ['ffmpeg version N-109542-gc8f7f14', undefined],
])('the version of "%s"', (text, version) => {
  expect(parseVersion(text)).toEqual(version);
});

it('a build between releases counts as the newest', () => {
  expect(isAtLeast(undefined, 99, 0)).toBe(true);
  expect(isAtLeast({ major: 5, minor: 0 }, 5, 1)).toBe(false);
  expect(isAtLeast({ major: 5, minor: 1 }, 5, 1)).toBe(true);
  expect(isAtLeast({ major: 6, minor: 0 }, 5, 1)).toBe(true);
});
