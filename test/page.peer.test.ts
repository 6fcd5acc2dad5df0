import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FramehubOptions } from '../src/index.ts';
import { canvasOfPlayer, inPlayer, launchBrowser, lumaOf } from './support/browser.ts';
import { Site } from './support/site.ts';
import { until } from './support/until.ts';

const phone = { width: 360, height: 740 };
const cameras = [
  { id: 'yard', name: 'Car park', source: 'demo:' },
  { id: 'lab', name: 'Workbench', source: 'test:?size=320x180&fps=10' },
];

let browser: Browser;
let page: Page;
let site: Site;
/** What the browser found wrong: scripts, styles and addresses that its policy or the server refused. */
let complaints: string[];

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  complaints = [];
  page = await browser.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
});
afterEach(async () => {
  await page.close();
  await site.stop();
});

async function open(hash = '', options: FramehubOptions = { cameras }): Promise<void> {
  site = await new Site(options).start();
  await page.goto(`${site.url}/${hash}`);
}

const isLive = (id: string) =>
  until(`${id} to be live`, () =>
    page.evaluate<boolean>(`document.querySelector('[camera=${id}]')?.seq > 1`),
  );
const overflow = () =>
  page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );

describe('the page', () => {
  it('shows the demo camera moving', async () => {
    await open();
    await isLive('yard');
    const before = await lumaOf(page, canvasOfPlayer);
    expect([before.width, before.height]).toEqual([768, 576]);
    const seq = Number(await inPlayer(page, 'player.seq'));
    await until('a second more', async () => Number(await inPlayer(page, 'player.seq')) > seq + 10);
    const { data } = await lumaOf(page, canvasOfPlayer);
    const changed = data.filter((luma, index) => Math.abs(luma - (before.data[index] ?? 0)) > 40);
    expect(changed.length).toBeGreaterThan(200);
    await page.getByText('2 cameras · 2 live').waitFor();
    await page
      .getByText(/^\d+(\.\d)? fps · 1 viewer$/)
      .first()
      .waitFor();
    expect(complaints).toEqual([]);
  });

  it('shows one camera large on a click, and all again on Escape, without restarting it', async () => {
    await open();
    await isLive('lab');
    const [before] = await site.readers('lab');
    await page.getByRole('link', { name: 'Workbench' }).click();
    await page.getByRole('heading', { name: 'Workbench' }).waitFor();
    expect(new URL(page.url()).hash).toBe('#camera=lab');
    const wide = await inPlayer<number>(page, 'player.clientWidth');
    expect(wide).toBeGreaterThan(600);
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Car park' }).waitFor();
    expect(new URL(page.url()).hash).toBe('');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Workbench');
    expect((await site.readers('lab')).map(({ id }) => id)).toEqual([before?.id]);
  });

  it('goes with the history of the browser, and with an address that names a camera', async () => {
    await open('#camera=lab');
    await page.getByRole('heading', { name: 'Workbench' }).waitFor();
    await isLive('lab');
    await page.getByRole('link', { name: 'All cameras' }).click();
    await page.getByRole('link', { name: 'Car park' }).press('Enter');
    await page.getByRole('heading', { name: 'Car park' }).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'Workbench' }).waitFor();
    await page.goForward();
    await page.getByRole('heading', { name: 'Car park' }).waitFor();
  });

  it.each(['with the clipboard', 'where a browser has none, as on plain http'])(
    'copies a ready-made address %s',
    async (where) => {
      await page.context().grantPermissions(['clipboard-write', 'clipboard-read']);
      if (where !== 'with the clipboard') {
        await page.addInitScript(
          `Object.defineProperty(navigator, 'clipboard', { value: undefined })`,
        );
      }
      await open('#camera=lab');
      await page.getByRole('button', { name: 'Copy: Snapshot' }).click();
      await page.getByText('Copied', { exact: true }).waitFor();
      await page.evaluate(`document.body.append(document.createElement('textarea'))`);
      await page.locator('textarea').press('Control+V');
      expect(await page.locator('textarea').inputValue()).toBe(
        `${site.url}/cameras/lab/snapshot.jpg`,
      );
    },
  );

  it('works under a path, as behind a proxy', async () => {
    site = await new Site({ cameras }, { path: '/cams' }).start();
    await page.goto(`${site.url}/`);
    await isLive('lab');
    await page.getByRole('link', { name: 'Workbench' }).click();
    await page.getByText(`${site.url}/cameras/lab/snapshot.jpg`, { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('fits a phone', async () => {
    await page.setViewportSize(phone);
    await open();
    await isLive('yard');
    expect(await overflow()).toBeLessThanOrEqual(0);
    await page.getByRole('link', { name: 'Car park' }).click();
    await page.getByRole('heading', { name: 'Watch it elsewhere' }).waitFor();
    expect(await overflow()).toBeLessThanOrEqual(0);
  });

  it('says how to add a camera when there is none', async () => {
    await open('', {});
    await page.getByRole('heading', { name: 'No cameras yet' }).waitFor();
    site.framehub?.addCamera({ id: 'late', source: 'test:?size=320x180' });
    await isLive('late');
  });

  it('asks for the token where one is needed, and takes it', async () => {
    await open('', { cameras, auth: 'token', adminToken: 'sesame' });
    await page.getByRole('heading', { name: 'This server asks for a token' }).waitFor();
    await page.getByRole('textbox', { name: 'Token' }).fill('sesame');
    await page.getByRole('button', { name: 'Open' }).click();
    await isLive('yard');
    expect(page.url()).toBe(`${site.url}/`);
  });

  it('says so when the server is away, and goes on when it is back', async () => {
    await open();
    await isLive('yard');
    await site.stop();
    await page.locator('#summary').getByText('Server away, reconnecting…').waitFor();
    await site.start();
    await page.getByText('2 cameras · 2 live').waitFor();
  });

  it('says so when the address names a camera that is not there', async () => {
    await open('#camera=nix');
    await page.getByRole('heading', { name: 'There is no camera “nix”' }).waitFor();
    await page.getByRole('link', { name: 'All cameras' }).click();
    await isLive('yard');
  });
});
