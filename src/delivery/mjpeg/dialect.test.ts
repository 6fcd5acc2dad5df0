import { describe, expect, it } from 'vitest';
import { MultipartParser } from '../../media/multipart-parser.ts';
import { dialectFor, isBrowser } from './dialect.ts';
import type { StreamPicture } from './stream-picture.ts';

const agents = {
  chromium:
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36',
  edge: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36 Edg/147.0.0.0',
  firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  safari:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
  chromeOnIphone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/147.0.0.0 Mobile/15E148 Safari/604.1',
  ffmpeg: 'Lavf/59.27.100',
  vlc: 'VLC/3.0.21 LibVLC/3.0.21',
  curl: 'curl/7.88.1',
};

const picture: StreamPicture = {
  data: Buffer.from('\xff\xd8 picture \xff\xd9', 'latin1'),
  headers: 'X-Frame-Id: 7\r\nX-Timestamp: 1.500000\r\n',
};

function dialect(agent: keyof typeof agents, more: Record<string, string> = {}) {
  return dialectFor({ 'user-agent': agents[agent], ...more });
}

function written(agent: keyof typeof agents, pictures: number): string {
  const { open, before, after } = dialect(agent);
  const part = before(picture) + picture.data.toString('latin1') + after('B');
  return open('B') + part.repeat(pictures);
}

describe('the dialect of a stream', () => {
  it('has headers in advance for every Chromium, which holds a picture back until it has them', () => {
    expect(dialect('chromium').name).toBe('advance');
    expect(dialect('edge').name).toBe('advance');
    const stream = written('chromium', 1);
    expect(stream.startsWith('--B\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8')).toBe(true);
    expect(stream.endsWith('\xff\xd9\r\n--B\r\nContent-Type: image/jpeg\r\n\r\n')).toBe(true);
    expect(stream).not.toContain('Content-Length');
  });

  it('repeats the picture soon for WebKit, also when it goes by the name of Chrome on iOS', () => {
    expect(dialect('safari')).toMatchObject({ name: 'repeat', firstRepeat: 200 });
    expect(dialect('chromeOnIphone').name).toBe('repeat');
  });

  it('is plain, with length and frame id, for everybody else', () => {
    for (const agent of ['firefox', 'ffmpeg', 'vlc', 'curl'] as const) {
      expect(dialect(agent).name).toBe('plain');
    }
    expect(dialectFor({}).name).toBe('plain');
    const stream = written('curl', 1);
    expect(stream).toBe(
      '--B\r\nContent-Type: image/jpeg\r\nContent-Length: 13\r\nX-Frame-Id: 7\r\n' +
        'X-Timestamp: 1.500000\r\n\r\n\xff\xd8 picture \xff\xd9\r\n--B\r\n',
    );
  });

  it('is plain for a script in Chromium that reads the stream by itself', () => {
    expect(dialect('chromium', { 'sec-fetch-dest': 'empty' }).name).toBe('plain');
    expect(isBrowser({ 'user-agent': agents.chromium, 'sec-fetch-dest': 'empty' })).toBe(false);
    expect(isBrowser({ 'user-agent': agents.chromium })).toBe(true);
    expect(isBrowser({ 'user-agent': agents.vlc })).toBe(false);
  });

  it('gives a parser the same pictures in each form', () => {
    for (const agent of ['chromium', 'safari', 'curl'] as const) {
      const parser = new MultipartParser({ boundary: 'B', maxPartBytes: 1_000 });
      const parts = parser.push(Buffer.from(written(agent, 3), 'latin1'));
      expect(parts.map(({ body }) => body)).toEqual([picture.data, picture.data, picture.data]);
    }
  });
});
