import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readSeqMark } from '../src/source/test/seq-mark.ts';
import { launchBrowser } from './support/browser.ts';
import { startServer, type TestServer } from './support/server.ts';
import { until } from './support/until.ts';

const WIDTH = 320;
const HEIGHT = 180;
let browser: Browser;
let page: Page;
let server: TestServer;
beforeAll(async () => {
  browser = await launchBrowser();
  server = await startServer({
    cameras: {
      fast: `test:?size=${WIDTH}x${HEIGHT}&fps=20`,
      slow: `test:?size=${WIDTH}x${HEIGHT}&fps=1`,
    },
  });
  page = await browser.newPage();
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

/** Shows the stream in an `<img>`, and notes whenever the number at the top of it changes. */
const watch = (path: string) => `(async () => {
  document.body.innerHTML = '<img src="${path}">';
  const image = document.querySelector('img');
  const canvas = new OffscreenCanvas(${WIDTH}, ${HEIGHT / 10});
  const context = canvas.getContext('2d', { willReadFrequently: true });
  window.changes = [];
  let last = '';
  setInterval(() => {
    if (image.naturalWidth !== ${WIDTH}) return;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, ${WIDTH}, ${HEIGHT / 10});
    const luma = [];
    for (let i = 0; i < data.length; i += 4) luma.push(data[i + 1]);
    const bits = luma.map((value) => (value > 128 ? 1 : 0)).join('');
    if (bits !== last) window.changes.push({ at: Date.now(), luma });
    last = bits;
  }, 10);
})()`;

interface Shown {
  readonly seq: number | undefined;
  /** Ms since the epoch. */
  readonly at: number;
}

/** What was on screen, and since when. */
async function shown(): Promise<Shown[]> {
  const changes = await page.evaluate<{ at: number; luma: number[] }[]>('window.changes');
  return changes.map(({ at, luma }) => {
    const whole = new Uint8Array(WIDTH * HEIGHT);
    whole.set(luma);
    return { at, seq: readSeqMark(whole, WIDTH, HEIGHT) };
  });
}

it('Chromium shows each picture of a 1 fps camera long before the next one is sent', async () => {
  await page.goto(`${server.url}/healthz`);
  const capturedAt = new Map<number, number>();
  const abort = new AbortController();
  const collecting = (async () => {
    for await (const frame of server.framehub.frames('slow', abort.signal)) {
      capturedAt.set(frame.seq, frame.capturedAt);
    }
  })();
  await page.evaluate(watch('/cameras/slow/stream.mjpg'));
  await until('seven pictures on screen', async () => (await shown()).length >= 7, 20_000);
  abort.abort();
  await collecting;
  // The first was there before the page was.
  const [, ...pictures] = await shown();
  const delays = pictures.map(({ at, seq }) => at - (capturedAt.get(seq ?? 0) ?? 0));
  expect(delays.length).toBeGreaterThanOrEqual(6);
  expect(Math.max(...delays)).toBeLessThan(500);
});

it('Chromium shows /video_feed in a plain img, moving and in order', async () => {
  await page.goto(`${server.url}/healthz`);
  await page.evaluate(watch('/video_feed'));
  await until('twenty pictures', async () => (await shown()).length >= 20);
  const seqs = (await shown()).map(({ seq }) => seq ?? Number.NaN);
  expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
});
