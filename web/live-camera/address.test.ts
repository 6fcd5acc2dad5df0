import { describe, expect, it } from 'vitest';
import { cameraUrl, serverAddress, socketUrl, streamUrl } from './address.ts';

const script = 'https://example.org/cams/live-camera.js?v=2';

describe('the address of the server', () => {
  it('is the folder the script came from, so a path in front of the server stays', () => {
    const address = serverAddress('', '', script);
    expect(address.base).toBe('https://example.org/cams/');
    expect(socketUrl(address)).toBe('wss://example.org/cams/ws');
    expect(cameraUrl(address, 'front')).toBe('https://example.org/cams/api/cameras/front');
  });

  it('is what the page says, with or without a slash at its end', () => {
    const page = 'http://page.test/a/b.html';
    expect(serverAddress('http://10.0.0.2:5000', '', script, page).base).toBe(
      'http://10.0.0.2:5000/',
    );
    expect(serverAddress('../hub', '', script, page).base).toBe('http://page.test/hub/');
  });

  it('carries the token where it is needed', () => {
    const address = serverAddress('', 'a b&c', script);
    expect(streamUrl(address, 'back yard')).toBe(
      'https://example.org/cams/cameras/back%20yard/stream.mjpg?token=a+b%26c',
    );
    expect(new URL(socketUrl(address)).searchParams.get('token')).toBe('a b&c');
  });
});
