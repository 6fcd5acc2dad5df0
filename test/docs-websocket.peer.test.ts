import { readFile } from 'node:fs/promises';
import { pino } from 'pino';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser } from './support/browser.ts';
import { Site } from './support/site.ts';
import { codeBlock } from './support/tables.ts';
import { until } from './support/until.ts';

const page = await readFile(new URL('../docs/reference/websocket.md', import.meta.url), 'utf8');

let browser: Browser;
let site: Site;
beforeAll(async () => {
  browser = await launchBrowser();
  site = new Site({
    cameras: { demo: 'test:?size=160x120&fps=20' },
    log: pino({ level: 'silent' }),
  });
  await site.start();
});
afterAll(async () => {
  await browser.close();
  await site.stop();
});

it('the browser client of the page draws every picture, and comes back with the server', async () => {
  site.html = codeBlock(page, 'html', 'createImageBitmap');
  const tab = await browser.newPage();
  await tab.goto(`${site.url}/players.html`);
  const reader = async () => (await site.readers('demo'))[0];
  const watched = await until('twenty pictures drawn', async () => {
    const now = await reader();
    return now !== undefined && now.frames >= 20 && now;
  });
  expect(watched).toMatchObject({ kind: 'websocket', skipped: 0 });
  const seen = '(({ width, height }) => [width, height, document.title])';
  expect(await tab.evaluate(`${seen}(document.querySelector('canvas'))`)).toEqual([
    160,
    120,
    'pictures are coming',
  ]);
  await site.stop();
  await site.start();
  await until('more pictures', async () => {
    // The first question may go out on a connection that ended with the server.
    const now = await reader().catch(() => undefined);
    return now !== undefined && now.frames >= 5;
  });
  await tab.close();
});
