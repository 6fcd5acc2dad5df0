import { defineConfig } from 'vitest/config';

const peers = ['**/*.{peer,alone}.test.ts'];

/**
 * Two projects: `quick` needs nothing but Node.js, `peers` talks to real programs
 * (ffmpeg, ustreamer, OpenCV, Chromium, an RTSP server, nginx) that `npm run verify` installs, or
 * needs the machine for itself.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'quick',
          include: ['{src,web,test}/**/*.test.ts', '{scripts,bench}/**/*.test.mjs'],
          exclude: peers,
          testTimeout: 15_000,
          hookTimeout: 15_000,
          maxWorkers: '100%',
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'peers',
          include: ['{src,web,test}/**/*.{peer,alone}.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Real time is what these measure, and the machine has few cores: one file at a time,
          // after the quick ones have ended.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
