import { HuffmanTable } from './jpeg-huffman.ts';

const marker = {
  baseline: 0xc0,
  extended: 0xc1,
  huffman: 0xc4,
  scan: 0xda,
  quantization: 0xdb,
  restart: 0xdd,
} as const;

export interface ScanComponent {
  /** Blocks of it in a unit, across and down. */
  readonly across: number;
  readonly down: number;
  readonly dc: HuffmanTable;
  readonly ac: HuffmanTable;
}

/** What the headers of a baseline JPEG say about its one scan. */
export interface JpegScan {
  readonly width: number;
  readonly height: number;
  /** Brightness first. */
  readonly components: readonly ScanComponent[];
  /** What one step of the mean brightness of a block is worth, in levels. */
  readonly step: number;
  /** Units between two restarts; 0: none. */
  readonly restart: number;
  /** Where the data of the scan begins. */
  readonly start: number;
}

interface FrameComponent {
  readonly id: number;
  readonly across: number;
  readonly down: number;
  readonly quantization: number;
}

/** Undefined for anything but a baseline JPEG of 8 bits whose components all are in one scan. */
export function readJpegScan(jpeg: Uint8Array): JpegScan | undefined {
  const steps: number[] = [];
  const dc: HuffmanTable[] = [];
  const ac: HuffmanTable[] = [];
  let frame: { width: number; height: number; components: FrameComponent[] } | undefined;
  let restart = 0;
  for (const { code, body, end } of segments(jpeg)) {
    if (code === marker.quantization) readSteps(body, steps);
    else if (code === marker.huffman) readTables(body, dc, ac);
    else if (code === marker.restart) restart = word(body, 0);
    else if (code === marker.baseline || code === marker.extended) frame = readFrame(body);
    else if (code === marker.scan) {
      if (frame === undefined) return undefined;
      const components = scanComponents(body, frame.components, dc, ac);
      const step = steps[frame.components[0]?.quantization ?? -1];
      if (components === undefined || step === undefined) return undefined;
      const { width, height } = frame;
      return { width, height, components, step: step / 8, restart, start: end };
    }
  }
  return undefined;
}

function* segments(jpeg: Uint8Array) {
  for (let at = 2; at + 4 <= jpeg.length && jpeg[at] === 0xff; ) {
    const code = jpeg[at + 1] ?? 0;
    if (code === 0xff) {
      // Fill bytes.
      at += 1;
      continue;
    }
    const end = at + 2 + word(jpeg, at + 2);
    if (end < at + 4 || end > jpeg.length) return;
    yield { code, body: jpeg.subarray(at + 4, end), end };
    at = end;
  }
}

function readSteps(body: Uint8Array, steps: number[]): void {
  for (let at = 0; at < body.length; ) {
    const head = body[at] ?? 0;
    const bytes = head >> 4 === 0 ? 1 : 2;
    steps[head & 15] = bytes === 1 ? (body[at + 1] ?? 0) : word(body, at + 1);
    at += 1 + 64 * bytes;
  }
}

function readTables(body: Uint8Array, dc: HuffmanTable[], ac: HuffmanTable[]): void {
  for (let at = 0; at + 17 <= body.length; ) {
    const head = body[at] ?? 0;
    const counts = body.subarray(at + 1, at + 17);
    const symbols = counts.reduce((sum, count) => sum + count, 0);
    const table = new HuffmanTable(counts, body.subarray(at + 17, at + 17 + symbols));
    (head >> 4 === 0 ? dc : ac)[head & 15] = table;
    at += 17 + symbols;
  }
}

function readFrame(body: Uint8Array) {
  const count = body[5] ?? 0;
  if (body[0] !== 8 || (count !== 1 && count !== 3) || body.length < 6 + 3 * count) {
    return undefined;
  }
  const components = Array.from({ length: count }, (_, index) => {
    const [id = 0, sampling = 0, quantization = 0] = body.subarray(6 + 3 * index);
    return { id, across: sampling >> 4, down: sampling & 15, quantization };
  });
  const isUsual = components.every(
    ({ across, down }) => across >= 1 && across <= 4 && down >= 1 && down <= 4,
  );
  return isUsual ? { height: word(body, 1), width: word(body, 3), components } : undefined;
}

function scanComponents(
  body: Uint8Array,
  components: readonly FrameComponent[],
  dc: readonly HuffmanTable[],
  ac: readonly HuffmanTable[],
): readonly ScanComponent[] | undefined {
  if (body[0] !== components.length) return undefined;
  const found: ScanComponent[] = [];
  for (const [index, { id, across, down }] of components.entries()) {
    const [scanId, tables = 0] = body.subarray(1 + 2 * index);
    const [dcTable, acTable] = [dc[tables >> 4], ac[tables & 15]];
    if (scanId !== id || dcTable === undefined || acTable === undefined) return undefined;
    // A single component is not interleaved: its units are single blocks, whatever it says.
    const sampling = components.length === 1 ? { across: 1, down: 1 } : { across, down };
    found.push({ ...sampling, dc: dcTable, ac: acTable });
  }
  return found;
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
