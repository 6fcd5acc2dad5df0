const DASH = 0x2d;
const CR = 0x0d;
const LF = 0x0a;

/** Dashes before and blanks after a boundary that are taken as part of it. */
const MAX_EXTRA = 16;

type Separator =
  /** The body ends before `bodyEnd`, the boundary begins at `start`. */
  | { readonly found: true; readonly bodyEnd: number; readonly start: number }
  /** None so far; look again from `resume` when more bytes are there. */
  | { readonly found: false; readonly resume: number };

/** One boundary, and how it is recognised between the parts. */
export class Boundary {
  /** Most bytes a boundary and the line end before it can take, seen from the body's end. */
  readonly room: number;
  /** The line that begins a part, as most write it. */
  readonly opening: string;
  readonly #core: Buffer;

  /** @param text as `boundaryOf` gives it: without leading dashes, not empty */
  constructor(text: string) {
    this.opening = `--${text}\r\n`;
    this.#core = Buffer.from(text, 'latin1');
    this.room = this.#core.length + 2 * MAX_EXTRA + 4;
  }

  /**
   * What a line between parts is. Anything may stand before the dashes (padding after a picture);
   * only the last `room` bytes are looked at.
   */
  lineKind(line: Buffer): 'opens' | 'closes' | undefined {
    let end = line.length;
    while (line.length - end < MAX_EXTRA && isBlank(line[end - 1])) end -= 1;
    if (this.#endsAt(line, end)) return 'opens';
    const dashed = line[end - 1] === DASH && line[end - 2] === DASH;
    return dashed && this.#endsAt(line, end - 2) ? 'closes' : undefined;
  }

  /**
   * Looks for the boundary in `bytes`, from `from` on.
   * @param final no bytes will follow: their end counts as the end of a line
   */
  find(bytes: Buffer, from: number, final: boolean): Separator {
    let at = from;
    for (;;) {
      const core = bytes.indexOf(this.#core, at);
      if (core < 0) {
        return { found: false, resume: Math.max(from, bytes.length - this.#core.length + 1) };
      }
      const after = lineEndsAt(bytes, core + this.#core.length);
      if (after !== 'no' && this.#endsAt(bytes, core + this.#core.length)) {
        if (after === 'more' && !final) return { found: false, resume: core };
        let start = core;
        while (start > 0 && core - start < MAX_EXTRA && bytes[start - 1] === DASH) start -= 1;
        let bodyEnd = start;
        if (bytes[bodyEnd - 1] === LF) bodyEnd -= bytes[bodyEnd - 2] === CR ? 2 : 1;
        return { found: true, bodyEnd, start };
      }
      at = core + 1;
    }
  }

  /** Whether `bytes`, after line ends, go on with the boundary; `more` when they are too few to say. */
  comesNext(bytes: Buffer): 'yes' | 'no' | 'more' {
    let at = 0;
    while (at < MAX_EXTRA && isBlank(bytes[at])) at += 1;
    let core = at;
    while (core - at < MAX_EXTRA && bytes[core] === DASH) core += 1;
    const there = bytes.subarray(core, core + this.#core.length);
    if (!there.equals(this.#core.subarray(0, there.length))) return 'no';
    return there.length === this.#core.length ? 'yes' : 'more';
  }

  /** Two dashes and the core end before `end`; or the core alone, at the beginning of a line. */
  #endsAt(bytes: Buffer, end: number): boolean {
    const core = end - this.#core.length;
    if (core < 0 || !bytes.subarray(core, end).equals(this.#core)) return false;
    if (bytes[core - 1] === DASH && bytes[core - 2] === DASH) return true;
    const line = bytes[core - 1] === DASH ? core - 1 : core;
    return line === 0 || bytes[line - 1] === LF;
  }
}

/** A line end or the two closing dashes follow, after blanks. */
function lineEndsAt(bytes: Buffer, from: number): 'yes' | 'no' | 'more' {
  let at = from;
  while (at - from < MAX_EXTRA && (bytes[at] === 0x20 || bytes[at] === 0x09)) at += 1;
  const [first, second] = bytes.subarray(at, at + 2);
  if (first === undefined) return 'more';
  if (first === LF) return 'yes';
  if (first !== CR && first !== DASH) return 'no';
  if (second === undefined) return 'more';
  return second === (first === CR ? LF : DASH) ? 'yes' : 'no';
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === CR || byte === LF;
}
