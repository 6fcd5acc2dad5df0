import { describe, expect, test } from 'vitest';
import { type StartCamera, type StartInfo, startBlock } from './start-block.ts';

const demo: StartCamera = {
  id: 'demo',
  name: 'demo',
  source: 'demo:',
  status: { state: 'off', since: 0, reason: 'nobody watches', stopped: false },
};

const calm: StartInfo = {
  url: 'http://127.0.0.1:5000',
  links: [],
  cameras: [demo],
  color: false,
  qr: false,
};

const token = 'http://10.0.0.2:5000/?token=0123456789abcdef';
const open: StartInfo = {
  ...calm,
  links: [
    { role: 'admin', url: `${token}A` },
    { role: 'viewer', url: `${token}V` },
  ],
};

test('on loopback it is the address, the cameras, and what to do next', () => {
  expect(startBlock(calm)).toBe(`
framehub is running: http://127.0.0.1:5000

  demo  demo:  waits for a viewer

  Your own camera:  framehub webcam:0  ("framehub --help" has the other kinds)
  To stop:          Ctrl-C

`);
});

test('a camera is told with its id, its name where it has one, its source and its state', () => {
  const status = { since: 0, reason: 'the camera refused\nthe connection' };
  const cameras: StartCamera[] = [
    demo,
    {
      id: 'front',
      name: 'Front\u001b[31m door',
      source: 'rtsp://u:***@10.0.0.5/',
      status: {
        ...status,
        ...{ state: 'retrying', code: 'SOURCE_REFUSED', help: '', attempt: 1, nextAttemptAt: 1 },
      },
    },
    { ...demo, id: 'side', name: 'side', status: { ...status, state: 'live' } },
    { ...demo, id: 'top', name: 'top', status: { ...status, state: 'off', stopped: true } },
  ];
  expect(startBlock({ ...calm, cameras })).toContain(`
  demo                     demo:                   waits for a viewer
  front (Front [31m door)  rtsp://u:***@10.0.0.5/  retrying: the camera refused the connection
  side                     demo:                   live
  top                      demo:                   stopped
`);
});

test('of many cameras the first ones are listed and the others counted', () => {
  const cameras = Array.from({ length: 20 }, (_, index) => ({ ...demo, id: `c${index}` }));
  const block = startBlock({ ...calm, cameras });
  expect(block).toContain('c15');
  expect(block).not.toContain('c16');
  expect(block).toContain('  and 4 more\n');
});

describe('in a network', () => {
  test('each link is told with its right', () => {
    expect(startBlock(open)).toContain(`
  Watch and change:  ${token}A
  Watch only:        ${token}V
  Whoever has such a link has its right.
`);
  });

  test('a person gets a QR code of the link that only watches', () => {
    const block = startBlock({ ...open, qr: true });
    const viewerOnly = startBlock({ ...open, links: open.links.slice(1), qr: true });
    const code = block.split('\n').filter((line) => /[█▀▄]/.test(line));
    expect(code.length).toBeGreaterThan(10);
    expect(viewerOnly.split('\n').filter((line) => /[█▀▄]/.test(line))).toEqual(code);
  });

  test('a log file gets no QR code', () => {
    expect(startBlock(open)).not.toMatch(/[█▀▄]/);
  });
});

test('colours come only where they are wanted', () => {
  expect(startBlock(calm)).not.toContain('\u001b');
  expect(startBlock({ ...calm, color: true })).toContain(
    '\u001b[1mhttp://127.0.0.1:5000\u001b[22m',
  );
});
