import { type QueuedResult, ResultQueue } from '../../detection/result-queue.ts';
import type { Results } from '../../detection/results.ts';

/** Results handed to a socket that has not passed them on yet. */
const IN_FLIGHT = 8;
/** Results of a camera that wait for one viewer: half a minute at 5 a second. */
const LONGEST_QUEUE = 150;

/** What is found in one camera's frames, for one WebSocket: the oldest make room where it is slow. */
export class ResultSubscription {
  readonly #send: (queued: QueuedResult, sent: () => void) => void;
  readonly #queue = new ResultQueue(LONGEST_QUEUE);
  readonly #unsubscribe: () => void;
  #inFlight = 0;
  #closed = false;

  /** @param send calls `sent` once the socket has passed it on, or never when it is closed */
  constructor(results: Results, send: (queued: QueuedResult, sent: () => void) => void) {
    this.#send = send;
    this.#unsubscribe = results.subscribe((result) => {
      this.#queue.push(result);
      this.#pump();
    });
  }

  /** What waits is not sent any more. */
  close(): void {
    this.#closed = true;
    this.#unsubscribe();
  }

  #pump(): void {
    while (this.#inFlight < IN_FLIGHT && !this.#closed) {
      const next = this.#queue.take();
      if (next === undefined) return;
      this.#inFlight += 1;
      this.#send(next, this.#sent);
    }
  }

  readonly #sent = (): void => {
    this.#inFlight -= 1;
    this.#pump();
  };
}
