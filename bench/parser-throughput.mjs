// @ts-check
// node parser-throughput.mjs PARSER.js FOLDER SECONDS: bytes a second of the multipart parser and of
// copying the same bytes, in turns, as JSON. A process of its own, so that nothing else is in its heap.
import { readPictures } from './system/pictures.mjs';

const [parserPath = '', folder = '', seconds = '1'] = process.argv.slice(2);
const { MultipartParser } = await import(parserPath);
const CHUNK = 64 * 1024;
const TURNS = 10;
const options = { boundary: 'frame', maxPartBytes: 16 * 1024 * 1024 };

const pictures = await readPictures({ folder, count: 0, meanBytes: 0 });
const stream = Buffer.concat(
  pictures.flatMap((picture) => [
    Buffer.from(
      `--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${picture.length}\r\nX-Timestamp: 1767225600.123000\r\n\r\n`,
    ),
    picture,
    Buffer.from('\r\n'),
  ]),
);
/** As a socket gives them: each chunk its own piece of memory. @type {Buffer[]} */
const chunks = [];
for (let at = 0; at < stream.length; at += CHUNK) {
  const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK, stream.length - at));
  stream.copy(chunk, 0, at);
  chunks.push(chunk);
}
const hot = Buffer.allocUnsafeSlow(CHUNK);
/** What was made last, so that nothing can be left out as unused. */
let kept = Buffer.alloc(0);

/** @type {Record<string, () => void>} */
const ways = {
  parser: parserOnce(),
  copyParts() {
    for (const picture of pictures) {
      const copy = Buffer.allocUnsafe(picture.length);
      picture.copy(copy);
      kept = copy;
    }
  },
  copyChunks() {
    for (const chunk of chunks) {
      const copy = Buffer.allocUnsafe(chunk.length);
      chunk.copy(copy);
      kept = copy;
    }
  },
  copyHot() {
    for (const chunk of chunks) chunk.copy(hot);
  },
};

function parserOnce() {
  const parser = new MultipartParser(options);
  let count = 0;
  return () => {
    for (const chunk of chunks) {
      for (const { body } of parser.push(chunk)) {
        kept = body;
        count += 1;
      }
    }
    if (count % pictures.length > 1) throw new Error('The parser lost pictures.');
  };
}

/** @type {Record<string, { bytes: number, ms: number }>} */
const totals = Object.fromEntries(Object.keys(ways).map((way) => [way, { bytes: 0, ms: 0 }]));
for (let turn = -1; turn < TURNS; turn += 1) {
  for (const [way, once] of Object.entries(ways)) {
    const began = performance.now();
    let passes = 0;
    while (performance.now() - began < (Number(seconds) * 1000) / TURNS) {
      once();
      passes += 1;
    }
    const total = totals[way];
    // The first turn only warms up.
    if (turn < 0 || total === undefined) continue;
    const size =
      way === 'copyParts' ? pictures.reduce((sum, { length }) => sum + length, 0) : stream.length;
    total.bytes += passes * size;
    total.ms += performance.now() - began;
  }
}
if (kept.length === 0) throw new Error('Nothing was copied.');
const speeds = Object.entries(totals).map(([way, { bytes, ms }]) => [way, bytes / (ms / 1000)]);
console.log(JSON.stringify(Object.fromEntries(speeds)));
