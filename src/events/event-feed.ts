import type { EventNotice, NumberedNotice } from '../api/event.ts';

/** Notices kept for those who come back after a break. */
const KEPT = 500;

/** Called synchronously with each notice: it must not block or throw. */
export type NoticeSink = (notice: NumberedNotice) => void;

/** What happens to events, for everyone who wants to know at once. */
export class EventFeed {
  /** Tells the numbers of this run from those of one before. */
  readonly #run = Date.now().toString(36);
  readonly #kept: NumberedNotice[] = [];
  readonly #sinks = new Set<NoticeSink>();
  #count = 0;

  publish(notice: EventNotice): void {
    this.#count += 1;
    const numbered = { ...notice, id: `${this.#run}-${this.#count}` };
    this.#kept.push(numbered);
    if (this.#kept.length > KEPT) this.#kept.shift();
    for (const sink of this.#sinks) sink(numbered);
  }

  /** What came after that notice, in order; undefined when it is not known how much that was. */
  since(id: string): readonly NumberedNotice[] | undefined {
    const [run, number = ''] = id.split('-');
    if (run !== this.#run || !/^\d{1,15}$/.test(number)) return undefined;
    const missed = this.#count - Number(number);
    if (missed < 0 || missed > this.#kept.length) return undefined;
    return missed === 0 ? [] : this.#kept.slice(-missed);
  }

  /** @returns a function that ends it; safe to call twice */
  subscribe(sink: NoticeSink): () => void {
    const own: NoticeSink = (notice) => sink(notice);
    this.#sinks.add(own);
    return () => this.#sinks.delete(own);
  }
}
