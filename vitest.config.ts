import { defineConfig } from 'vitest/config';

const peers = ['**/*.peer.test.ts'];

/**
 * Two projects: `quick` needs nothing but Node.js, `peers` talks to real programs
 * (ffmpeg, ustreamer, OpenCV, Chromium, an RTSP server, nginx) that `npm run verify` installs.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'quick',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: peers,
          testTimeout: 15_000,
        },
      },
      {
        test: {
          name: 'peers',
          include: ['src/**/*.peer.test.ts', 'test/**/*.peer.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Real time is what these measure, and the machine has few cores.
          fileParallelism: false,
        },
      },
    ],
  },
});
