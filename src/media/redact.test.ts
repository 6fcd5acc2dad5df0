import { describe, expect, it } from 'vitest';
import { redactSecrets, redactUrl } from './redact.ts';

describe('redacting', () => {
  it.each([
    ['rtsp://admin:s3cret@10.0.0.5:554/stream', 'rtsp://admin:***@10.0.0.5:554/stream'],
    ['http://u:p@ss@host/x', 'http://u:***@host/x'],
    ['http://u:a/b#c?d@host/x', 'http://u:***@host/x'],
    ['http://u:with space@host/x', 'http://u:***@host/x'],
    ['http://:p@host', 'http://:***@host'],
    ['http://host:8080/cam@home', 'http://host:8080/cam@home'],
    ['http://[::1]:8080/cam@home', 'http://[::1]:8080/cam@home'],
    ['http://admin@host/', 'http://admin@host/'],
    [
      'http://h/video.cgi?user=admin&pwd=s3cret&size=2',
      'http://h/video.cgi?user=admin&pwd=***&size=2',
    ],
    ['http://h/?access_token=abc.def#fps=2', 'http://h/?access_token=***#fps=2'],
    ['srt://h:9000?passphrase=0123456789', 'srt://h:9000?passphrase=***'],
    ['http://h/?keyframe=1&token=a', 'http://h/?keyframe=1&token=***'],
  ])('%s is shown as %s', (text, shown) => {
    expect(redactUrl(text)).toBe(shown);
  });

  it('finds secrets inside a sentence, all of them, and leaves the rest', () => {
    expect(
      redactSecrets(
        '[rtsp @ 0x5] rtsp://a:b@c/d: 401 Unauthorized, tried "http://e:f@g/?password=h" at 10:30@noon',
      ),
    ).toBe(
      '[rtsp @ 0x5] rtsp://a:***@c/d: 401 Unauthorized, tried "http://e:***@g/?password=***" at 10:30@noon',
    );
  });

  it('hides what an Authorization header carries', () => {
    expect(redactSecrets("-headers 'Authorization: Basic dXNlcjpwYXNz'")).toBe(
      "-headers 'Authorization: Basic ***'",
    );
  });
});
