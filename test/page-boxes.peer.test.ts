import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ballDetector } from './support/ball-detector.ts';
import { inPlayer, launchBrowser } from './support/browser.ts';
import { Site } from './support/site.ts';
import { until } from './support/until.ts';

const source = 'test:?size=320x180&fps=20';

let browser: Browser;
let page: Page;
let site: Site;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
afterEach(async () => {
  await page.close();
  await site.stop();
});

async function open(hash = ''): Promise<void> {
  site = await new Site({
    cameras: [
      { id: 'yard', name: 'Yard', source, detect: { detector: ballDetector(), fps: 10 } },
      { id: 'lab', name: 'Lab', source },
    ],
  }).start();
  page = await browser.newPage();
  await page.goto(`${site.url}/${hash}`);
}

const mode = (camera: string) =>
  page.evaluate<string>(`document.querySelector('[camera=${camera}]')?.detections`);
/** Pixels of the boxes over the first player that are not clear. */
const drawn = () =>
  inPlayer<number>(
    page,
    `(() => {
      const boxes = player.shadowRoot.querySelector('.boxes');
      const { width, height } = boxes;
      if (width * height === 0) return 0; // not laid out yet: getImageData would refuse it
      const { data } = boxes.getContext('2d').getImageData(0, 0, width, height);
      return data.filter((value, index) => index % 4 === 3 && value > 0).length;
    })()`,
  );
const toggle = () => page.getByRole('button', { name: 'Boxes', exact: true });

describe('the page', () => {
  it('draws boxes out of the box over the cameras that are looked at, and over no others', async () => {
    await open();
    await until('boxes', async () => (await drawn()) > 100);
    expect(await mode('yard')).toBe('matched');
    expect(await mode('lab')).toBe('off');
    expect(await toggle().count()).toBe(1);
    await page
      .getByText(/^\d+(\.\d)? fps · 1 viewer$/)
      .first()
      .waitFor();
  });

  it('says in words what is in view, and stops looking when boxes are turned off, for good', async () => {
    await open('#camera=yard');
    await page.getByText('1 ball', { exact: true }).waitFor();
    await toggle().click();
    expect(await toggle().getAttribute('aria-pressed')).toBe('false');
    await page.getByText('1 ball', { exact: true }).waitFor({ state: 'detached' });
    expect(await drawn()).toBe(0);
    await until('nobody looks', async () =>
      (await site.readers('yard')).every(({ kind }) => kind !== 'detector'),
    );
    await page.reload();
    await page.getByRole('heading', { name: 'Yard' }).waitFor();
    await until('off still', async () => (await mode('yard')) === 'off');
    await toggle().click();
    await page.getByText('1 ball', { exact: true }).waitFor();
  });

  it('does not open a camera when its boxes are turned off in the grid', async () => {
    await open();
    await toggle().click();
    expect(await mode('yard')).toBe('off');
    expect(new URL(page.url()).hash).toBe('');
  });
});
