import type { Writable } from 'node:stream';

/** How a big answer is written: its beginning, each row, its end. Each gives finished text. */
export interface RowTemplate<Row> {
  readonly head?: string;
  row(row: Row): string;
  /** @param rows how many there were */
  foot?(rows: number): string;
}

export interface StreamRowsOptions {
  /** Ends it early; the answer is cut off, so that nobody takes it for the whole. */
  readonly signal?: AbortSignal;
  /** Longest time in one go, ms: everything else of the process waits for so long. Default 4. */
  readonly timeBox?: number;
  /**
   * How much of the thread it may take, 0 to 1, where nobody else slows it down. Default 0.5: a
   * process that never rests is the last to be woken when another one wants the processor.
   */
  readonly share?: number;
}

export interface StreamedRows {
  /** Rows read. */
  readonly rows: number;
  /** False: whoever read it went away, or the signal ended it. */
  readonly complete: boolean;
}

const DEFAULT_TIME_BOX = 4;
const DEFAULT_SHARE = 0.5;
/** Text gathered before it is written: few writes, and little that is held. */
const CHUNK = 16 * 1024;

/**
 * Writes any number of rows to a response (or another stream), however large the whole: a row is
 * read when there is room for it, other work gets its turn every few ms, and whoever reads too
 * slowly is waited for. When the reader goes, no further row is read, and the iterator is returned
 * (`finally` of a generator runs: close what the rows come from there).
 *
 * Ends the stream. Resolves when all is handed to the system, or the reader is gone.
 *
 * @throws what the rows threw; the answer is cut off then
 */
export async function streamRows<Row>(
  output: Writable,
  template: RowTemplate<Row>,
  rows: Iterable<Row> | AsyncIterable<Row>,
  options: StreamRowsOptions = {},
): Promise<StreamedRows> {
  const { signal, timeBox = DEFAULT_TIME_BOX, share = DEFAULT_SHARE } = options;
  const rest = timeBox * (1 / share - 1);
  const gone = new Gone(output, signal);
  const iterator = iteratorOf(rows);
  let count = 0;
  let exhausted = false;
  let text = '';
  let until = performance.now() + timeBox;
  try {
    // At once, so that the reader sees that it has begun.
    if (!gone.now && template.head) await room(output, template.head, gone);
    while (!gone.now) {
      const next = iterator.next();
      const result = 'then' in next ? await next : next;
      if (result.done) {
        exhausted = true;
        break;
      }
      text += template.row(result.value);
      count += 1;
      const late = performance.now() > until;
      if (text.length >= CHUNK || late) {
        await room(output, text, gone);
        text = '';
      }
      if (late) {
        await pause(rest);
        until = performance.now() + timeBox;
      }
    }
    if (gone.now) return { rows: count, complete: false };
    output.end(text + (template.foot?.(count) ?? ''));
    await gone.orFinished();
    return { rows: count, complete: output.writableFinished };
  } catch (thrown) {
    output.destroy();
    throw thrown;
  } finally {
    gone.forget();
    if (!exhausted) await iterator.return?.();
    if (signal?.aborted && !output.writableFinished) output.destroy();
  }
}

function iteratorOf<Row>(
  rows: Iterable<Row> | AsyncIterable<Row>,
): Iterator<Row> | AsyncIterator<Row> {
  return Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]();
}

/** Writes, and waits until there is room for more. */
async function room(output: Writable, text: string, gone: Gone): Promise<void> {
  if (output.write(text)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      output.off('drain', done);
      gone.stopWaiting(done);
      resolve();
    };
    output.on('drain', done);
    gone.wait(done);
  });
}

/** Until so many ms later, and at least until everything else that is due was done. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (ms < 1) setImmediate(resolve);
    else setTimeout(resolve, ms);
  });
}

/** Whether there is still someone to write for. */
class Gone {
  readonly #output: Writable;
  readonly #signal: AbortSignal | undefined;
  readonly #waiting = new Set<() => void>();
  #gone: boolean;

  constructor(output: Writable, signal: AbortSignal | undefined) {
    this.#output = output;
    this.#signal = signal;
    this.#gone = output.destroyed || output.writableEnded || signal?.aborted === true;
    output.on('close', this.#tell);
    output.on('error', this.#tell);
    signal?.addEventListener('abort', this.#tell);
  }

  get now(): boolean {
    return this.#gone;
  }

  wait(listener: () => void): void {
    if (this.#gone) listener();
    else this.#waiting.add(listener);
  }

  stopWaiting(listener: () => void): void {
    this.#waiting.delete(listener);
  }

  /** After `end`: until all is handed over. */
  orFinished(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#output.off('finish', done);
        this.stopWaiting(done);
        resolve();
      };
      if (this.#output.writableFinished) resolve();
      else {
        this.#output.on('finish', done);
        this.wait(done);
      }
    });
  }

  forget(): void {
    this.#output.off('close', this.#tell);
    // Not its error listener: an error that comes later would end the process.
    this.#signal?.removeEventListener('abort', this.#tell);
  }

  readonly #tell = (): void => {
    this.#gone = true;
    for (const listener of [...this.#waiting]) listener();
  };
}
