import { createServer } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FramehubOptions } from '../src/index.ts';
import { readSeqMark } from '../src/source/test/seq-mark.ts';
import {
  canvasOfPlayer,
  inPlayer,
  launchBrowser,
  lumaOf,
  openPlayers,
  playersHtml,
} from './support/browser.ts';
import { Site } from './support/site.ts';
import { until } from './support/until.ts';

let browser: Browser;
let site: Site;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
afterEach(async () => {
  await page.close();
  await site.stop();
});

const small = 'test:?size=320x180&fps=20';
const readers = (id = 'front') => site.readers(id);
const seq = () => inPlayer<number | undefined>(page, 'player.seq');
const state = () => inPlayer<string>(page, 'player.status?.state');

/** Waits for these words over the picture. */
const says = (words: string) => page.getByText(words, { exact: true }).waitFor();

async function start(options: FramehubOptions = {}, surroundings = {}): Promise<void> {
  site = await new Site(
    { cameras: { front: small, back: small }, ...options },
    surroundings,
  ).start();
}

/** A page with these elements, of a server that has just started. */
async function open(
  html = '<live-camera camera="front"></live-camera>',
  source = small,
): Promise<void> {
  await start({ cameras: { front: source, back: small } });
  page = await openPlayers(browser, site, html);
}

async function isLive(): Promise<void> {
  await until(
    'a picture',
    async () => (await state()) === 'live' && (await seq()) !== undefined,
  ).catch(async (e) => {
    console.log(
      await inPlayer(
        page,
        'JSON.stringify([player.status, player.seq, player.shadowRoot?.textContent])',
      ),
      await page.evaluate(
        '[document.hidden, performance.now(), document.documentElement.outerHTML]',
      ),
    );
    throw e;
  });
}

describe('<live-camera>', () => {
  it('shows the picture it says it shows, and goes on', async () => {
    await open();
    await isLive();
    // Picture and number are read in one task, between two frames.
    const both = `(globalThis.said = document.querySelector('live-camera').seq, ${canvasOfPlayer})`;
    const { data, width, height } = await lumaOf(page, both);
    const said = await page.evaluate<number>('said');
    expect(readSeqMark(data, width, height)).toBe(said);
    await until('ten more', async () => Number(await seq()) > said + 10);
    await page.getByText(/^live · 0\.\d s$/).waitFor();
    expect(await inPlayer(page, 'player.age')).toBeLessThan(1_000);
    expect(await inPlayer(page, 'getComputedStyle(player).aspectRatio')).toBe('320 / 180');
    expect(await page.getByRole('img', { name: 'front' }).count()).toBe(1);
  });

  it('shares one socket, and one decode a frame, among all players of a page', async () => {
    const sockets: string[] = [];
    await open('');
    page.on('websocket', (socket) => sockets.push(socket.url()));
    await page.evaluate(`document.body.innerHTML =
      ['front', 'front', 'back'].map((id) => '<live-camera camera="' + id + '" style="width: 200px"></live-camera>').join('')`);
    await until('all of them live', () =>
      page.evaluate<boolean>(
        `[...document.querySelectorAll('live-camera')].every((each) => each.seq > 5)`,
      ),
    );
    expect(sockets).toHaveLength(1);
    expect(await readers('front')).toHaveLength(1);
    expect(await readers('back')).toHaveLength(1);
  });

  it('lets go of everything when it is removed, and closes every picture it decoded', async () => {
    await open('');
    await page.evaluate(`
      globalThis.opens = globalThis.closes = 0;
      const create = createImageBitmap.bind(globalThis);
      globalThis.createImageBitmap = async (...given) => { const made = await create(...given); opens++; return made; };
      const close = ImageBitmap.prototype.close;
      ImageBitmap.prototype.close = function () { closes++; close.call(this); };
      document.body.innerHTML = '<live-camera camera="front"></live-camera>'`);
    await isLive();
    await until('some pictures', () => page.evaluate<boolean>('opens > 20'));
    await page.evaluate(`document.querySelector('live-camera').remove()`);
    await until('nobody reads', async () => (await readers()).length === 0);
    await until('all closed', () => page.evaluate<boolean>('opens === closes'));
    const opens = await page.evaluate<number>('opens');
    await page.waitForTimeout(300);
    expect(await page.evaluate<number>('opens')).toBe(opens);
  });

  it('goes on without a restart when it is moved within the page', async () => {
    await open('<div id="there"></div><live-camera camera="front"></live-camera>');
    await isLive();
    const [before] = await readers();
    await page.evaluate(`
      globalThis.states = [];
      const player = document.querySelector('live-camera');
      player.addEventListener('statechange', ({ detail }) => states.push(detail.state));
      player.remove();
      document.getElementById('there').append(player)`);
    const moved = Number(await seq());
    await until('more pictures', async () => Number(await seq()) > moved + 5);
    expect(await page.evaluate('states')).toEqual([]);
    expect((await readers()).map(({ id }) => id)).toEqual([before?.id]);
  });

  it('stops a while after it went off screen, and resumes at once', async () => {
    await open('<live-camera camera="front" linger="200"></live-camera><p style="height: 4000px">');
    await isLive();
    await page.evaluate('scrollTo(0, 3000)');
    await until('nobody reads', async () => (await readers()).length === 0);
    expect(await state()).toBe('paused');
    await page.evaluate('scrollTo(0, 0)');
    await isLive();
  });

  it('goes on through a tab switch shorter than its linger, and stops after a longer one', async () => {
    await open('<live-camera camera="front" linger="600"></live-camera>');
    await isLive();
    const hide = (hidden: boolean) =>
      page.evaluate(`
        Object.defineProperty(document, 'hidden', { configurable: true, value: ${hidden} });
        document.dispatchEvent(new Event('visibilitychange'))`);
    const [before] = await readers();
    await hide(true);
    await page.waitForTimeout(200);
    await hide(false);
    await page.waitForTimeout(700);
    expect((await readers()).map(({ id }) => id)).toEqual([before?.id]);
    await hide(true);
    await until('nobody reads', async () => (await readers()).length === 0);
    await hide(false);
    await isLive();
  });

  it('skips to the newest picture when it cannot keep up', async () => {
    await open('');
    await page.evaluate(`
      const create = createImageBitmap.bind(globalThis);
      globalThis.createImageBitmap = async (...given) => {
        await new Promise((resolve) => setTimeout(resolve, 250));
        return create(...given);
      };
      globalThis.frames = [];
      document.body.innerHTML = '<live-camera camera="front"></live-camera>';
      const player = document.querySelector('live-camera');
      player.addEventListener('frame', ({ detail }) => frames.push([detail.seq, player.age]))`);
    await until('ten pictures', () => page.evaluate<boolean>('frames.length >= 10'));
    const frames = await page.evaluate<[number, number][]>('frames');
    const seqs = frames.map(([number]) => number);
    // 20 a second come and 4 can be shown.
    expect(Number(seqs.at(-1)) - Number(seqs[0])).toBeGreaterThan(30);
    // At most two are on their way, each a quarter of a second.
    expect(Math.max(...frames.map(([, age]) => age))).toBeLessThan(1_500);
    expect((await readers())[0]?.skipped).toBeGreaterThan(20);
  });

  it('goes on after a frame that is no picture', async () => {
    await open('');
    await page.evaluate(`
      const create = createImageBitmap.bind(globalThis);
      let count = 0;
      globalThis.createImageBitmap = (...given) =>
        ++count % 3 === 0 ? Promise.reject(new Error('no picture')) : create(...given);
      document.body.innerHTML = '<live-camera camera="front"></live-camera>'`);
    await isLive();
    await until('many more', async () => Number(await seq()) > 30);
  });

  it('says what is wrong, dimmed over the last picture, and is live again by itself', async () => {
    await open(undefined, 'test:?size=320x180&fps=20&fail=30&always=true');
    await isLive();
    await page.getByText(/^trying again/).waitFor();
    await page.locator('live-camera .dim').waitFor();
    await isLive();
    expect(await page.locator('live-camera .dim').count()).toBe(0);
    expect(Number(await seq())).toBeGreaterThan(30);
  });

  it('tells a camera that was removed, and one that never was', async () => {
    await open(
      '<live-camera camera="front"></live-camera><live-camera camera="nix"></live-camera>',
    );
    await isLive();
    await says('no such camera');
    await site.framehub?.removeCamera('front');
    await says('camera removed');
    site.framehub?.addCamera({ id: 'front', source: small });
    await isLive();
  });

  it('says away when the server is, and comes back with it', async () => {
    await open();
    await isLive();
    await site.stop();
    await says('Server away, reconnecting…');
    await page.locator('live-camera .dim').waitFor();
    await site.start();
    await isLive();
    expect(await page.locator('live-camera .dim').count()).toBe(0);
  });
});

describe('<live-camera> where WebSocket is blocked', () => {
  it('falls back to MJPEG and comes back when the server does', async () => {
    await start({}, { blocksWebSocket: true });
    page = await openPlayers(browser, site, '<live-camera camera="front"></live-camera>');
    const shows = async () =>
      (await state()) === 'live' &&
      inPlayer<boolean>(page, `!player.shadowRoot.querySelector('.dim')`);
    await until('a picture', shows);
    expect((await readers()).map(({ kind }) => kind)).toEqual(['mjpeg']);
    await site.stop();
    await says('Server away, reconnecting…');
    await site.start();
    await until('a picture again', shows, 20_000);
    await until('one stream again', async () => (await readers())[0]?.kind === 'mjpeg');
    await page.evaluate(`document.querySelector('live-camera').remove()`);
    await until('nobody reads', async () => (await readers()).length === 0);
  });
});

describe('<live-camera> on a page of another origin', () => {
  const show = async (allowed: boolean) => {
    const elsewhere = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.end(playersHtml(site.url, '<live-camera camera="front"></live-camera>'));
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const address = elsewhere.address();
    const origin = `http://localhost:${typeof address === 'object' ? address?.port : 0}`;
    await start({ allowedOrigins: allowed ? [origin] : [] });
    page = await browser.newPage();
    await page.goto(origin);
    elsewhere.close();
    elsewhere.closeAllConnections();
  };

  it('is live where the server allows that origin', async () => {
    await show(true);
    await isLive();
  });

  it('says what to do where it does not', async () => {
    await show(false);
    await page
      .getByText(/^Add http:\/\/localhost:\d+ to the server's "allowedOrigins"\.$/)
      .first()
      .waitFor();
    expect(await readers()).toEqual([]);
  });
});
