import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DetectionResult } from '../src/api/detection.ts';
import { objectAt } from '../src/source/test/moving-object.ts';
import { readSeqMark } from '../src/source/test/seq-mark.ts';
import { ballAt } from './support/ball-detector.ts';
import { inPlayer, launchBrowser, openPlayers } from './support/browser.ts';
import { Site } from './support/site.ts';
import { until } from './support/until.ts';

const script = fileURLToPath(new URL('support/find_ball.py', import.meta.url));
const size = { width: 640, height: 360 };
const source = `test:?size=${size.width}x${size.height}&fps=20&clock=off`;
/** A program of its own that looks at every picture for 0.3 s. */
const detect = { detector: `exec:/usr/bin/python3 ${script} 0.3`, fps: 20 };

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

async function open(attributes: string): Promise<void> {
  site = await new Site({ cameras: [{ id: 'front', source, detect }] }).start();
  page = await openPlayers(
    browser,
    site,
    `<live-camera camera="front" ${attributes} style="width: 640px"></live-camera>`,
  );
  // What is on both canvases at one moment: the number in the picture, and the edges of the box.
  await page.evaluate(`
    globalThis.look = () => {
      const player = document.querySelector('live-camera');
      const [picture, boxes] = player.shadowRoot.querySelectorAll('canvas');
      // The middle of each of the 2 x 20 blocks of the mark.
      const block = picture.width / 20;
      const step = picture.height / 20;
      const context = picture.getContext('2d');
      const luma = Array.from({ length: 40 }, (_, index) => {
        const [row, column] = [Math.floor(index / 20), index % 20];
        return context.getImageData((column + 0.5) * block, (row + 0.5) * step, 1, 1).data[1];
      });
      const { width, height } = boxes;
      const { data } = boxes.getContext('2d').getImageData(0, 0, width, height);
      const lines = [];
      for (let y = 0; y < height; y++) {
        let left, right;
        for (let x = 0; x < width; x++) {
          const at = (y * width + x) * 4;
          if (data[at + 3] < 250 || data[at + 1] < 200) continue;
          left ??= x;
          right = x + 1;
        }
        if (right - left > 8) lines.push({ y: y + 1, left, right });
      }
      const bottom = lines.at(-1);
      const side = lines.at(-10);
      const line = 2 * width / player.clientWidth;
      return {
        luma,
        said: player.seq,
        box: side && {
          left: (side.left + line) / width,
          right: (side.right - line) / width,
          bottom: (bottom.y - line) / height,
        },
      };
    };
  `);
}

interface Look {
  readonly luma: number[];
  readonly said: number | undefined;
  readonly box: { readonly left: number; readonly right: number; readonly bottom: number } | null;
}

/** How far the drawn box is from the ball of the very picture it is drawn over, in widths. */
function distance({ luma, said, box }: Look): { seq: number; off: number | undefined } {
  const data = new Uint8Array(20 * 20);
  data.set(luma);
  const seq = readSeqMark(data, 20, 20) ?? 0;
  expect(seq).toBe(said);
  if (!box) return { seq, off: undefined };
  const ball = objectAt(seq, size.width, size.height);
  const down = ((box.bottom - ball.y - ball.height) * size.height) / size.width;
  const across = [box.left - ball.x, box.right - ball.x - ball.width];
  return { seq, off: Math.max(...across.map(Math.abs), Math.abs(down)) };
}

/** Where in a screenshot the ball is, and whether there is a line of the box at a place. */
async function ballIn(screenshot: Buffer) {
  const { data, info } = await sharp(screenshot).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const colors = (x: number, y: number) => {
    const at = (y * width + x) * channels;
    return [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0] as const;
  };
  let [left, right, top, bottom] = [width, 0, height, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [red, green, blue] = colors(x, y);
      if (red < 190 || red - green < 100 || red - blue < 100 || green < 70) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    }
  }
  const isLine = (x: number, y: number) => {
    const [red, green, blue] = colors(Math.round(x), Math.round(y));
    return green > 180 && green - red > 80 && green - blue > 50;
  };
  return { left, right, top, bottom, width, height, isLine };
}

describe('boxes over a picture that does not fill its element', () => {
  it.each([
    ['letterboxed', '', 'width: 500px; height: 500px'],
    ['cropped', 'fit="cover"', 'width: 500px; height: 320px'],
    ['turned right', 'rotate="90"', 'width: 300px'],
    ['turned upside down', 'rotate="180"', 'width: 500px'],
    ['turned left and cropped', 'rotate="270" fit="cover"', 'width: 420px; height: 420px'],
    ['turned right and letterboxed', 'rotate="90"', 'width: 500px; height: 400px'],
  ])('are where the object is seen: %s', async (_how, attributes, style) => {
    const still = `test:?size=640x360&fps=20&clock=off&freeze=70`;
    site = await new Site({
      cameras: [{ id: 'front', source: still, detect: { detector: ballAt(70), fps: 20 } }],
    }).start();
    page = await openPlayers(
      browser,
      site,
      `<live-camera bare camera="front" detections="live" ${attributes} style="${style}"></live-camera>`,
    );
    // From the 70th on the picture is always the same, and the ball is near its middle.
    await until('the picture', () => inPlayer<boolean>(page, 'player.seq >= 70'));
    const player = page.locator('live-camera');
    const { left, right, top, bottom, isLine } = await ballIn(await player.screenshot());
    expect(right - left).toBeGreaterThan(15);
    const middle = { x: (left + right) / 2, y: (top + bottom) / 2 };
    const near = (at: (off: number) => readonly [number, number]) =>
      Array.from({ length: 9 }, (_, off) => at(off - 2)).some(([x, y]) => isLine(x, y));
    expect(
      near((off) => [left - off, middle.y]),
      'left',
    ).toBe(true);
    expect(
      near((off) => [right + off, middle.y]),
      'right',
    ).toBe(true);
    expect(
      near((off) => [middle.x, bottom + off]),
      'below',
    ).toBe(true);
    expect(
      near((off) => [middle.x, top - off]),
      'above',
    ).toBe(true);
  });
});

describe('boxes over a live picture, of a detector that takes 0.3 s', () => {
  it('are on the object within 2 % of the width at every moment, in matched mode', async () => {
    await open('detections="matched"');
    const looks: { seq: number; off: number | undefined }[] = [];
    const drawn = () => looks.filter(({ off }) => off !== undefined);
    const deadline = performance.now() + 40_000;
    while (drawn().length <= 100 && performance.now() < deadline) {
      const look = await page.evaluate<Look>('look()');
      if (look.said !== undefined) looks.push(distance(look));
      await page.waitForTimeout(60);
    }
    expect(drawn().length).toBeGreaterThan(60);
    expect(Math.max(...drawn().map(({ off = 0 }) => off))).toBeLessThan(0.02);
    // Once the delay is known, there is a box on every picture.
    const later = looks.slice(-Math.floor(looks.length / 2));
    const bare = later.filter(({ off }) => off === undefined);
    expect(bare.length / later.length).toBeLessThan(0.1);
    // Many more pictures are shown than were looked at: boxes move with them.
    expect(new Set(later.map(({ seq }) => seq)).size).toBeGreaterThan(30);
    expect(await inPlayer<number>(page, 'player.age')).toBeLessThan(2_500);
    expect(await page.getByText(/^boxes \d+ ms late$/).count()).toBe(0);
  });

  it('come at once in live mode, behind the object, and say how late they are', async () => {
    await open('detections="live"');
    const words = page.getByText(/^boxes \d+ ms late$/);
    await words.waitFor();
    // The first result takes longer: the program has to start.
    const late = await until('its usual lateness', async () => {
      const told = Number(/\d+/.exec((await words.textContent().catch(() => '')) ?? '')?.[0]);
      return told < 700 && told;
    });
    expect(late).toBeGreaterThan(250);
    expect(await inPlayer<number>(page, 'player.age')).toBeLessThan(400);
    const behind = await until('a box behind the ball', async () => {
      const { off } = distance(await page.evaluate<Look>('look()'));
      return off !== undefined && off > 0.02 && off;
    });
    expect(behind).toBeLessThan(0.4);
  });

  it('come with what was found as events, and all of it ends with the element', async () => {
    await open('');
    const results = () => page.evaluate<DetectionResult[]>('globalThis.results ?? []');
    await page.evaluate(`
      globalThis.results = [];
      const player = document.querySelector('live-camera');
      player.addEventListener('detections', ({ detail }) => results.push(detail));`);
    await until('pictures', () => inPlayer<boolean>(page, 'player.seq > 5'));
    expect(await results()).toEqual([]);
    await inPlayer(page, `(player.detections = 'live')`);
    const [first] = await until('results', async () => (await results()).length > 1 && results());
    expect(first).toMatchObject({ camera: 'front', detector: 'find_ball.py', width: 640 });
    await inPlayer(page, `(player.detections = 'off')`);
    const detector = async () => {
      const response = await fetch(`${site.url}/api/cameras/front`);
      const { detector: report } = (await response.json()) as {
        detector: { status: { state: string } };
      };
      return report.status.state;
    };
    await until('no detector', async () => (await detector()) === 'off');
    expect((await page.evaluate<Look>('look()')).box ?? null).toBeNull();
    await inPlayer(page, `(player.detections = 'matched')`);
    await until('a box', async () => (await page.evaluate<Look>('look()')).box);
    expect(await site.readers('front')).toHaveLength(2);
    await page.evaluate(`document.querySelector('live-camera').remove()`);
    await until('nobody reads', async () => (await site.readers('front')).length === 0);
  });
});
