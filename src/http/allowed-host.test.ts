import { expect, it } from 'vitest';
import { isAllowedHost } from './allowed-host.ts';

it('lets in by addresses and by names that nobody elsewhere can own', () => {
  const hosts = [
    'localhost:5000',
    '127.0.0.1:5000',
    '127.0.0.1',
    '[::1]:5000',
    '192.168.1.20:5000',
    'raspberrypi:5000',
    'octopi.local',
    'cams.localhost:5000',
    'nas.home.arpa',
  ];
  for (const host of hosts) expect(isAllowedHost(host, []), host).toBe(true);
});

it('keeps out names that a page elsewhere can point at this machine', () => {
  for (const host of [
    'evil.example',
    'localhost.evil.example:5000',
    '127.0.0.1.nip.io',
    '',
    undefined,
  ]) {
    expect(isAllowedHost(host, []), host).toBe(false);
  }
});

it('lets in by the names the operator added, whatever the port', () => {
  expect(isAllowedHost('cams.example.org:443', ['cams.example.org'])).toBe(true);
  expect(isAllowedHost('CAMS.example.org', ['cams.example.org:8443'])).toBe(true);
  expect(isAllowedHost('cams.example.com', ['cams.example.org'])).toBe(false);
});
