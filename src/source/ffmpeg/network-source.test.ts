import { expect, it } from 'vitest';
import { networkArguments, networkSource, parseNetwork } from './network-source.ts';

const context = { camera: 'front', ffmpeg: 'ffmpeg', maxPictureBytes: 1_000_000 };
const version = { major: 7, minor: 1 };

function argumentsOf(text: string, of = version): string {
  return networkArguments(parseNetwork(text), of).join(' ');
}

it.each(['rtsp://h/x', 'RTSPS://h/x', 'rtmp://h/x', 'rtmps://h/x', 'srt://h:9'])(
  '%s is a network source',
  (text) => {
    expect(networkSource.matches(text)).toBe(true);
    expect(networkSource.isLocal(text)).toBe(false);
  },
);

it.each(['http://h/x', 'rtsp:h', 'ffmpeg:rtsp://h/x', 'x.mp4'])('%s is none', (text) => {
  expect(networkSource.matches(text)).toBe(false);
});

it('RTSP goes over TCP, video only, with a timeout', () => {
  const args = argumentsOf('rtsp://user:pass@10.0.0.5:8554/cam?channel=1');
  expect(args).toContain('-rtsp_transport tcp -allowed_media_types video -timeout 10000000');
  expect(args).toContain('-i rtsp://user:pass@10.0.0.5:8554/cam?channel=1 -map');
});

it('the timeout is named as the version of FFmpeg knows it', () => {
  expect(argumentsOf('rtsp://h/x', { major: 4, minor: 4 })).toContain('-stimeout 10000000');
  expect(argumentsOf('rtmp://h/x', { major: 4, minor: 4 })).toContain('-rw_timeout 10000000');
});

it('options stand after the # and are not part of the address', () => {
  const args = argumentsOf('rtsp://h/x#transport=udp&fps=5&width=640&quality=3');
  expect(args).toContain('-rtsp_transport udp');
  expect(args).toContain('-i rtsp://h/x -map 0:v:0 -an -sn -dn -vf fps=5,scale=640:-2');
  expect(args).toContain('-q:v 3 -pix_fmt yuvj420p');
});

it.each(['rtsp://h/x', 'rtsps://h/x', 'rtmp://h/x', 'rtmps://h/x', 'srt://h:9'])(
  '%s may not make FFmpeg read a file of this machine',
  (text) => {
    const args = networkArguments(parseNetwork(text), version);
    const allowed = args[args.indexOf('-protocol_whitelist') + 1]?.split(',') ?? [];
    expect(allowed.length).toBeGreaterThan(0);
    for (const local of ['file', 'concat', 'subfile', 'pipe', 'fd', 'data', 'unix', 'async']) {
      expect(allowed).not.toContain(local);
    }
    expect(args.indexOf('-protocol_whitelist')).toBeLessThan(args.indexOf('-i'));
  },
);

it.each([
  'rtsp://',
  'rtsp:///path',
  'rtsp://host/x y',
  'rtsp://host/\0',
  'rtsp://user:pa#ss@host/x',
  'rtsp://h/x#transport=carrier-pigeon',
  'rtmp://h/x#transport=tcp',
  'rtsp://h/x#quality=1',
  'rtsp://h/x#quality=32',
  'rtsp://h/x#quality=2.5',
  'rtsp://h/x#fps=0',
  'rtsp://h/x#size=1',
])('%s is refused', (text) => {
  expect(() => parseNetwork(text)).toThrow(
    expect.objectContaining({ name: 'FramehubError', code: 'SOURCE_INVALID' }),
  );
});

it('no password is shown', () => {
  const source = networkSource.open('rtsp://user:geheim@10.0.0.5/cam#fps=2', context);
  expect(source.label).toBe('rtsp://user:***@10.0.0.5/cam#fps=2');
  expect(() => parseNetwork('rtsp://user:ge#heim@host/x')).toThrow(
    expect.objectContaining({ message: expect.not.stringMatching(/heim/) }),
  );
});

it('a low rate is told to the stall watch', () => {
  expect(networkSource.open('rtsp://h/x#fps=0.1', context).interval).toBe(10_000);
  expect(networkSource.open('rtsp://h/x', context).interval).toBeUndefined();
});
