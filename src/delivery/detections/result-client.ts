import type { ServerResponse } from 'node:http';
import type { DetectionResult } from '../../api/detection.ts';
import { ResultQueue } from '../../detection/result-queue.ts';
import type { Results } from '../../detection/results.ts';
import type { TextClient } from '../../hub/text-clients.ts';
import type { ResultFormat } from './result-format.ts';

/** Results that wait for one client: half a minute at 5 a second. */
const LONGEST_QUEUE = 150;

export interface ResultClientOptions {
  readonly results: Results;
  readonly format: ResultFormat;
  /** What it missed, sent first. */
  readonly missed: readonly DetectionResult[];
  /** A client that takes nothing for this long is dead, ms. */
  readonly timeout: number;
  /** Called once, when the client is gone. */
  readonly onClose: (client: ResultClient) => void;
}

/** One program or page that is sent results: what it can't take waits, and the oldest make room. */
export class ResultClient implements TextClient {
  readonly #response: ServerResponse;
  readonly #options: ResultClientOptions;
  readonly #queue = new ResultQueue(LONGEST_QUEUE);
  readonly #unsubscribe: () => void;
  /** Since when it has not taken what was written; undefined: it takes everything. */
  #blockedSince: number | undefined;
  #closed = false;

  /** @param response its head is sent */
  constructor(response: ServerResponse, options: ResultClientOptions) {
    this.#response = response;
    this.#options = options;
    response.on('close', this.#release);
    // A connection that broke; it closes by itself.
    response.on('error', this.#release);
    response.on('drain', this.#onDrain);
    if (options.format.open !== '') this.#write(options.format.open);
    for (const result of options.missed) this.#queue.push(result);
    this.#unsubscribe = options.results.subscribe((result) => {
      this.#queue.push(result);
      this.#pump();
    });
    this.#pump();
  }

  get lastActive(): number {
    return this.#blockedSince ?? performance.now();
  }

  evict(): void {
    this.close();
  }

  /** Says that the connection lives, or gives up one that does not. */
  beat(now: number): void {
    const { timeout, format } = this.#options;
    if (this.#blockedSince === undefined) this.#write(format.beat);
    else if (now - this.#blockedSince > timeout) this.#response.destroy();
  }

  close(): void {
    if (this.#closed) return;
    // Whoever does not read would not see the end either.
    if (this.#blockedSince === undefined) this.#response.end();
    else this.#response.destroy();
    this.#release();
  }

  #pump(): void {
    while (this.#blockedSince === undefined) {
      const next = this.#queue.take();
      if (next === undefined) return;
      this.#write(this.#options.format.text(next));
    }
  }

  #write(text: string): void {
    if (!this.#response.write(text)) this.#blockedSince ??= performance.now();
  }

  readonly #onDrain = (): void => {
    this.#blockedSince = undefined;
    this.#pump();
  };

  readonly #release = (): void => {
    if (this.#closed) return;
    this.#closed = true;
    this.#unsubscribe();
    this.#response.off('close', this.#release);
    this.#response.off('drain', this.#onDrain);
    // The listener for errors stays: an unheard one would end the process.
    this.#options.onClose(this);
  };
}
