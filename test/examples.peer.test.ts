import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { decodeFrameMessage } from '../src/api/frame-message.ts';
import { overlap } from '../src/detector/overlap.ts';
import type { DetectionResult } from '../src/index.ts';
import { checkJpeg } from '../src/media/jpeg.ts';
import { objectAt } from '../src/source/test/moving-object.ts';
import { launchBrowser } from './support/browser.ts';
import { childrenOf, isRunning } from './support/command.ts';
import {
  camerasOf,
  exampleFiles,
  examplePath,
  type RunningExample,
  startExample,
} from './support/examples.ts';
import { demoPictures } from './support/jpegs.ts';
import { distinctSeqs, type MjpegClient, watchMjpeg } from './support/mjpeg-client.ts';
import { ownChildren } from './support/processes.ts';
import { startServer, type TestServer } from './support/server.ts';
import { Site } from './support/site.ts';
import { tableRows } from './support/tables.ts';
import { numberIn, writeTestClip } from './support/test-clip.ts';
import { until } from './support/until.ts';

const tested = new Set<string>();
const running: RunningExample[] = [];
const closing: (() => unknown)[] = [];
let browser: Browser;
let folder = '';

beforeAll(async () => {
  browser = await launchBrowser();
  folder = await mkdtemp(join(tmpdir(), 'framehub-examples-'));
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});
afterEach(async () => {
  for (const example of running.splice(0)) example.child.kill('SIGKILL');
  for (const close of closing.splice(0).reverse()) await close();
});

function example(file: string, behaviour: string, test: () => Promise<void>): void {
  tested.add(file);
  it(`${file} ${behaviour}`, test);
}

function start(file: string, argv: readonly string[] = []): RunningExample {
  const started = startExample(file, argv, folder);
  running.push(started);
  return started;
}

/** Ends it as Ctrl-C does, and sees that it left nothing and complained of nothing. */
async function expectCleanEnd(started: RunningExample): Promise<void> {
  const children = await childrenOf(started.pid);
  const interruptedAt = performance.now();
  expect(await started.interrupt()).toBe(0);
  expect(performance.now() - interruptedAt).toBeLessThan(3_000);
  expect(started.stderr).toBe('');
  expect(await Promise.all(children.map(isRunning))).toEqual(children.map(() => false));
}

function watch(port: number, path: string): MjpegClient {
  const viewer = watchMjpeg(port, path);
  closing.push(viewer.close);
  return viewer;
}

/** Waits for real pictures, in order, and gives their size. */
async function sizeOfStream(viewer: MjpegClient): Promise<string> {
  await until('five pictures', () => distinctSeqs(viewer.parts).length >= 5);
  const seqs = distinctSeqs(viewer.parts);
  expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  const { width, height } = checkJpeg(viewer.parts.at(-1)?.data ?? Buffer.alloc(0));
  return `${width}x${height}`;
}

/** Resolves with the first frame of a camera over WebSocket; undefined when it is not let in. */
function frameOverSocket(url: string, camera: string) {
  const socket = new WebSocket(url.replace(/^http/, 'ws'));
  closing.push(() => socket.terminate());
  socket.binaryType = 'arraybuffer';
  socket.on('open', () => socket.send(JSON.stringify({ type: 'subscribe', cameras: [camera] })));
  return new Promise<ReturnType<typeof decodeFrameMessage>>((resolve) => {
    socket.on('message', (data) => {
      if (data instanceof ArrayBuffer) resolve(decodeFrameMessage(data));
    });
    socket.on('error', () => resolve(undefined));
  });
}

function postJson(url: string, body: unknown): Promise<Response> {
  const headers = { 'Content-Type': 'application/json' };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

it('every example is tested here, and listed in the README of its folder', async () => {
  const files = await exampleFiles();
  expect([...tested].sort()).toEqual(files);
  const readme = await readFile(examplePath('README.md'), 'utf8');
  const listed = tableRows(readme, 'file').map(([file]) => file);
  expect(listed.sort()).toEqual(files.map((file) => `[${file}](${file})`));
});

describe('on a server of its own', () => {
  example('own-server.mjs', 'serves its cameras, and ends with everyone attached', async () => {
    const server = start('own-server.mjs');
    const { url, port } = await camerasOf(server);
    // A browser opens spare connections like this one.
    const spare = connect(port, '127.0.0.1');
    closing.push(() => spare.destroy());
    const viewers = ['street', 'card'].map((id) => watch(port, `/cameras/${id}/stream.mjpg`));
    expect(await Promise.all(viewers.map(sizeOfStream))).toEqual(['768x576', '640x360']);
    expect(await frameOverSocket(`${url}ws`, 'card')).toMatchObject({ camera: 'card', width: 640 });
    expect(await (await fetch(url)).text()).toContain('<title>framehub</title>');
    await expectCleanEnd(server);
    await until('the viewers to know', () => viewers.every(({ closed }) => closed));
  });

  example('generator.mjs', 'draws while somebody watches, and what it should', async () => {
    const server = start('generator.mjs');
    const { url, port } = await camerasOf(server);
    expect(server.stdout).not.toContain('starts');
    const viewer = watch(port, '/cameras/load/stream.mjpg');
    expect(await sizeOfStream(viewer)).toBe('640x360');
    expect(server.stdout).toContain('Somebody watches: the generator starts.');

    // This process keeps a processor busy, and a bar rises above a quarter of the picture.
    await until('a tall bar', async () => {
      const busyUntil = performance.now() + 400;
      while (performance.now() < busyUntil);
      await new Promise((resolve) => setTimeout(resolve, 50));
      const jpeg = viewer.parts.at(-1)?.data;
      const line = { left: 0, top: 260, width: 640, height: 1 };
      const { channels } = await sharp(jpeg).extract(line).stats();
      return channels.some(({ max }) => max > 128);
    });

    viewer.close();
    await until('it to stop', () => server.stdout.includes('Nobody watches: the generator stops.'));
    const { status } = JSON.parse(await (await fetch(`${url}api/cameras/load`)).text());
    expect(status.state).toBe('off');
    await expectCleanEnd(server);
  });
});

describe.each(['express.mjs', 'fastify.mjs'])('below a path of an application', (file) => {
  example(file, 'shows each camera, also one that comes over the API', async () => {
    const server = start(file);
    const { url, port } = await camerasOf(server);
    const path = '/cameras-live/cameras';
    expect(await sizeOfStream(watch(port, `${path}/street/stream.mjpg`))).toBe('768x576');
    expect(await sizeOfStream(watch(port, `${path}/card/stream.mjpg`))).toBe('640x360');

    const camera = { id: 'new', source: 'test:?size=320x240&fps=20' };
    expect((await postJson(`${url}api/cameras`, camera)).status).toBe(201);
    expect(await sizeOfStream(watch(port, `${path}/new/stream.mjpg`))).toBe('320x240');
    expect((await fetch(`http://127.0.0.1:${port}/cameras-live`)).url).toBe(url);
    await expectCleanEnd(server);
  });

  example(file, 'lets players in over WebSocket there, and nowhere else', async () => {
    const server = start(file);
    const { url } = await camerasOf(server);
    expect(await frameOverSocket(`${url}ws`, 'card')).toMatchObject({ camera: 'card', width: 640 });
    expect(await frameOverSocket(new URL('/ws', url).href, 'card')).toBeUndefined();
    await expectCleanEnd(server);
  });

  example(file, 'passes pushed pictures on as they come, unread', async () => {
    const server = start(file);
    const { url, port } = await camerasOf(server);
    await postJson(`${url}api/cameras`, { id: 'in', source: 'push:' });
    const viewer = watch(port, '/cameras-live/cameras/in/stream.mjpg');
    const sender = httpRequest(`${url}api/cameras/in/frames`, {
      method: 'POST',
      headers: { 'Content-Type': 'multipart/x-mixed-replace; boundary=B' },
    });
    closing.push(() => sender.destroy());
    const answer = new Promise<string>((resolve, reject) => {
      sender.on('error', reject);
      sender.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve(text));
      });
    });
    for (const [index, picture] of demoPictures().slice(0, 3).entries()) {
      const head = `--B\r\nContent-Type: image/jpeg\r\nContent-Length: ${picture.length}\r\n\r\n`;
      sender.write(Buffer.concat([Buffer.from(head), picture, Buffer.from('\r\n')]));
      await until(`picture ${index}`, () => viewer.parts.at(-1)?.data.equals(picture));
    }
    sender.end('--B--\r\n');
    expect(JSON.parse(await answer)).toMatchObject({ camera: 'in', accepted: 3, rejected: 0 });
    await expectCleanEnd(server);
  });

  example(file, 'plays a camera in a page of its own, next to its other routes', async () => {
    const server = start(file);
    const { url } = await camerasOf(server);
    const application = new URL('/', url).href;
    const page = await browser.newPage();
    closing.push(() => page.close());
    const sockets: string[] = [];
    page.on('websocket', (socket) => sockets.push(socket.url()));
    await page.goto(application);
    await until('pictures', () =>
      page.evaluate<boolean>(`document.querySelector('live-camera').seq > 5`),
    );
    expect(sockets).toEqual([`${url.replace('http', 'ws')}ws`]);
    const noted = await postJson(`${application}notes`, { text: 'hello' });
    expect(await noted.json()).toEqual({ noted: { text: 'hello' } });
    // The page still holds its connections.
    await expectCleanEnd(server);
  });
});

describe('without a server', () => {
  example('frames.mjs', 'saves a snapshot, and gives the newest picture to slow work', async () => {
    const program = start('frames.mjs', ['test:?size=320x240&fps=30']);
    const frames = () =>
      [...program.stdout.matchAll(/^frame (\d+): \d+ bytes of JPEG, (\d+) ms old$/gm)].map(
        ([, seq, age]) => ({ seq: Number(seq), age: Number(age) }),
      );
    await until('four frames', () => frames().length >= 4);
    const [first, , , fourth] = frames();
    // Fifteen come during each turn.
    expect(Number(fourth?.seq) - Number(first?.seq)).toBeGreaterThan(20);
    expect(Math.max(...frames().map(({ age }) => age))).toBeLessThan(1_000);
    expect(checkJpeg(await readFile(join(folder, 'snapshot.jpg')))).toMatchObject({ width: 320 });
    await expectCleanEnd(program);
  });

  example('frames.mjs', 'shows the demo camera when none is named', async () => {
    const program = start('frames.mjs');
    await until('a frame', () => /^snapshot\.jpg: .* 768x576$\s+^frame/m.test(program.stdout));
    await expectCleanEnd(program);
  });
});

describe('without cameras', () => {
  const addressOf = (program: RunningExample) =>
    until('the address', () => /^Stocks: (http:\S+)$/m.exec(program.stdout)?.[1]);

  example('stock-table.mjs', 'writes a million rows between its head and foot', async () => {
    const program = start('stock-table.mjs');
    const response = await fetch(await addressOf(program));
    let text = '';
    let rows = 0;
    let begun = false;
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      rows += text.split('</tr>').length - 1;
      if (rows > 0 && !begun) {
        begun = true;
        expect(text).toContain('<td>X0<td>X0 &amp; Sons &lt;Ltd&gt;<td>10.00');
      }
      text = text.slice(Math.max(0, text.lastIndexOf('</tr>') + 5));
    }
    expect(rows).toBe(1_000_000);
    expect(text).toBe('\n</tbody>\n</table>\n<p>1000000 stocks</p>\n');
    await until('its word', () => program.stdout.includes('1000000 rows sent.'));
    await expectCleanEnd(program);
  });

  example('stock-table.mjs', 'closes its cursor when the reader goes', async () => {
    const program = start('stock-table.mjs');
    const response = await fetch(await addressOf(program));
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    const [, closed, left] = await until('both words', () => {
      const words = /^Cursor closed after (\d+) rows\.\nLeft after (\d+) rows\.$/m;
      return words.exec(program.stdout) ?? undefined;
    });
    expect(Number(left)).toBeGreaterThan(0);
    expect(Number(left)).toBeLessThan(900_000);
    expect(Number(closed)).toBeLessThanOrEqual(Number(left));
    await expectCleanEnd(program);
  });
});

describe('in a page from elsewhere', () => {
  example('page.html', 'plays the camera, and knows what it does', async () => {
    let server: TestServer | undefined;
    const html = await readFile(examplePath('page.html'), 'utf8');
    const address = 'http://127.0.0.1:5000';
    expect(html).toContain(`src="${address}/live-camera.js"`);
    const site = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end(html.replaceAll(address, server?.url ?? ''));
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    closing.push(() => site.close().closeAllConnections());
    const bound = site.address();
    const origin = `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}`;
    server = await startServer({ cameras: { demo: 'demo:' }, allowedOrigins: [origin] });
    closing.push(server.close);

    const page = await browser.newPage();
    closing.push(() => page.close());
    await page.goto(origin);
    await page.getByText(/The car park is live\. Picture \d+, 768x576, \d+ ms old\./).waitFor();
  });
});

describe('in Python', () => {
  example('push-opencv.py', 'brings a video to viewers, in order and again and again', async () => {
    const server = await startServer();
    closing.push(server.close);
    const clip = join(folder, 'clip.avi');
    await writeTestClip(clip, 40);
    const program = start('push-opencv.py', [clip, '--server', server.url, '--camera', 'clip']);
    await until('its camera', () => server.framehub.cameras().length > 0);
    const viewer = watch(server.port, '/cameras/clip/stream.mjpg');
    await until('more than the clip holds', () => distinctSeqs(viewer.parts).length > 60, 20_000);
    await until('who watches', () => program.stdout.includes(', 1 watching'));

    const pictures = viewer.parts.filter(
      ({ seq }, index) => seq !== undefined && seq !== viewer.parts[index - 1]?.seq,
    );
    const numbers = await Promise.all(pictures.map(({ data }) => numberIn(data)));
    // Always forward; when the machine is busy, one may be skipped for a newer one.
    const steps = numbers
      .slice(1)
      .map((number, index) => (Number(number) - Number(numbers[index]) + 40) % 40);
    expect(steps.filter((step) => !(step >= 1 && step < 10))).toEqual([]);
    expect(new Set(numbers).size).toBeGreaterThan(30);

    await expectCleanEnd(program);
    expect(program.stdout).toMatch(/^\d+ pictures taken, 0 rejected$/m);
  });

  example(
    'push-opencv.py',
    'goes on after framehub was away, and adds its camera again',
    async () => {
      const site = await new Site({}).start();
      closing.push(() => site.stop());
      const clip = join(folder, 'short.avi');
      await writeTestClip(clip, 10);
      const program = start('push-opencv.py', [clip, '--server', site.url]);
      const pushes = () =>
        until('a picture', () => site.framehub?.snapshot('opencv').catch(() => undefined), 20_000);
      await pushes();
      await site.stop();
      await until('its complaint', () => program.stderr.includes('trying again'));
      await site.start();
      expect(await pushes()).toMatchObject({ width: 320, height: 240 });
      expect(await program.interrupt()).toBe(0);
    },
  );

  example('push-opencv.py', 'says why framehub refuses it', async () => {
    const server = await startServer({ cameras: { opencv: 'demo:' } });
    closing.push(server.close);
    const program = start('push-opencv.py', ['clip.avi', '--server', server.url]);
    expect(await program.exited).toBe(1);
    expect(program.stderr).toBe('The camera "opencv" is there already and is no push: camera.\n');
  });

  example('read-opencv.py', 'sees every picture, and what moves in it', async () => {
    const server = await startServer({ cameras: { front: 'test:?size=640x480&fps=30' } });
    closing.push(server.close);
    const program = start('read-opencv.py', [`${server.url}/video_feed?placeholder=false`]);
    const lines = () => [...program.stdout.matchAll(/^640x480: (\d+\.\d)% moves$/gm)];
    await until('twenty pictures', () => lines().length >= 20, 20_000);
    expect(lines().filter(([, share]) => Number(share) === 0)).toEqual([]);
    await expectCleanEnd(program);
  });
});

describe('finding the ball of the test camera', () => {
  const source = 'test:?size=640x480&fps=20';

  /** Ten results of the camera, and how well their boxes are on the ball. */
  async function expectBall(server: TestServer): Promise<DetectionResult[]> {
    const results: DetectionResult[] = [];
    for await (const result of server.framehub.detections('test')) {
      results.push(result);
      if (results.length === 10) break;
    }
    for (const { seq, detections } of results) {
      expect(detections.map(({ label }) => label)).toEqual(['ball']);
      const [ball] = detections;
      const share = ball === undefined ? 0 : overlap(ball.box, objectAt(seq, 640, 480));
      expect(share, `frame ${seq}`).toBeGreaterThan(0.8);
    }
    expect(new Set(results.slice(1).map(({ detections }) => detections[0]?.trackId)).size).toBe(1);
    return results;
  }

  async function startTestServer(detect?: string): Promise<TestServer> {
    const camera = { id: 'test', source, ...(detect === undefined ? {} : { detect }) };
    const server = await startServer({ cameras: [camera] });
    closing.push(server.close);
    return server;
  }

  example('detect-exec.py', 'is started when it is needed, and ended', async () => {
    const path = examplePath('detect-exec.py');
    const server = await startTestServer(`exec:/usr/bin/python3 "${path}"`);
    const [first] = await expectBall(server);
    expect(first?.detector).toBe('detect-exec.py');
    const programs = async () =>
      (await ownChildren()).filter(({ command }) => command.includes('detect-exec.py'));
    expect(await programs()).toHaveLength(1);
    await server.framehub.close();
    expect(await programs()).toEqual([]);
  });

  example('detect-http.py', 'answers for each picture it is sent', async () => {
    const program = start('detect-http.py');
    const url = await until(
      'its address',
      () => /^Detector: (http:\S+)$/m.exec(program.stdout)?.[1],
    );
    await expectBall(await startTestServer(url));
    const wrong = await fetch(url, { method: 'POST', body: 'no picture' });
    expect(wrong.status).toBe(422);
    expect((await fetch(new URL('/other', url), { method: 'POST', body: 'x' })).status).toBe(404);
    await expectCleanEnd(program);
  });

  example('detect-and-push.py', 'brings its results for the frames it looked at', async () => {
    const server = await startTestServer();
    const program = start('detect-and-push.py', ['--server', server.url]);
    const [first] = await expectBall(server);
    expect(first?.detector).toBe('orange');
    await until('its word', () => /^\d+ results sent, \d+ want them$/m.test(program.stdout));
    await expectCleanEnd(program);
  });

  example('detect-and-push.py', 'says why framehub refuses it', async () => {
    const server = await startTestServer();
    const program = start('detect-and-push.py', ['--server', server.url, '--camera', 'other']);
    expect(await program.exited).toBe(1);
    expect(program.stderr).toContain('There is no camera "other".');
  });

  example('detector.mjs', 'finds it in JavaScript, and keeps it apart by its number', async () => {
    const program = start('detector.mjs');
    const lines = () => [
      ...program.stdout.matchAll(/^frame (\d+): ball #1 at ([\d.]+) %, ([\d.]+) %$/gm),
    ];
    await until('ten results', () => lines().length >= 10);
    for (const [, seq, x, y] of lines()) {
      const ball = objectAt(Number(seq), 640, 360);
      expect(Math.abs(Number(x) / 100 - ball.x)).toBeLessThan(0.02);
      expect(Math.abs(Number(y) / 100 - ball.y)).toBeLessThan(0.02);
    }
    const { url } = await camerasOf(program);
    const camera = JSON.parse(await (await fetch(`${url}api/cameras/card`)).text());
    expect(camera.detector).toMatchObject({ name: 'ball', status: { state: 'running' } });
    await expectCleanEnd(program);
  });
});
