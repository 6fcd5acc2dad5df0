import { existsSync } from 'node:fs';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Site } from './site.ts';

const installed = '/usr/bin/chromium';

/** The Chromium of this machine, or else the one that comes from npm; silent towards the internet. */
export async function launchBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: existsSync(installed) ? installed : await sparticuz.executablePath(),
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
}

/** A page of `site` that holds the player's script and `html`, and nothing else. */
export async function openPlayers(browser: Browser, site: Site, html: string): Promise<Page> {
  site.html = playersHtml('.', html);
  const page = await browser.newPage({ viewport: { width: 800, height: 600 } });
  await page.goto(`${site.url}/players.html`);
  return page;
}

/** @param server where the player's script is */
export function playersHtml(server: string, html: string): string {
  const script = `<script type="module" src="${server}/live-camera.js"></script>`;
  return `<!doctype html><html lang="en"><head>${script}</head><body>${html}</body></html>`;
}

/** What `expression` gives in the page; `player` is its first `<live-camera>`, waited for if need be. */
export async function inPlayer<T>(page: Page, expression: string): Promise<T> {
  return await page.evaluate<T>(`(async () => {
    for (;;) {
      const player = document.querySelector('live-camera');
      if (player !== null) return ${expression};
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })()`);
}

export interface Luma {
  readonly width: number;
  readonly height: number;
  /** One byte a pixel, row after row. */
  readonly data: Uint8Array;
}

/** The brightness of what a canvas or an image (an expression for it) shows, in its own pixels. */
export async function lumaOf(page: Page, expression: string): Promise<Luma> {
  const { width, height, bytes } = await page.evaluate<{
    width: number;
    height: number;
    bytes: number[];
  }>(`(() => {
    const shown = ${expression};
    const width = shown.naturalWidth ?? shown.width;
    const height = shown.naturalHeight ?? shown.height;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context.drawImage(shown, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const bytes = [];
    for (let i = 0; i < data.length; i += 4) {
      bytes.push(Math.round(0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2]));
    }
    return { width, height, bytes };
  })()`);
  return { width, height, data: Uint8Array.from(bytes) };
}

/** The player's canvas, for `lumaOf`. */
export const canvasOfPlayer = `document.querySelector('live-camera').shadowRoot.querySelector('canvas')`;
