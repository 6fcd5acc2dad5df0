import type { Logger } from 'pino';

/** What framehub needs of a logger: pino's own shape, so that an application can pass its own. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** A repeated fault is written at most this often, ms. */
const FAULT_INTERVAL = 1_000;

/** Writes a fault that may come thousands of times a second as one line a second with a count. */
export class FaultLog {
  readonly #log: Log;
  readonly #message: string;
  #count = 0;
  #writtenAt = Number.NEGATIVE_INFINITY;

  constructor(log: Log, message: string) {
    this.#log = log;
    this.#message = message;
  }

  add(detail: Record<string, unknown>): void {
    this.#count += 1;
    const now = performance.now();
    if (now - this.#writtenAt < FAULT_INTERVAL) return;
    this.#log.warn({ ...detail, count: this.#count }, this.#message);
    this.#writtenAt = now;
    this.#count = 0;
  }
}
