import type { Channel } from '../hub/channel.ts';

/** A page that is loaded again leaves and comes back: nobody watches after this long, ms. */
const SETTLE = 5_000;
/** Who reads without anybody watching. */
const notViewers = new Set(['detector', 'recorder', 'snapshot']);

export interface ViewersOptions {
  /** Default 5,000 ms. */
  readonly settle?: number;
  changed(type: 'first-viewer' | 'last-viewer', channel: Channel): void;
}

interface Watched {
  /** Runs when nobody watches. */
  timer: NodeJS.Timeout | undefined;
  /** Takes back the listener for the camera's removal, which ends its readers without a word. */
  readonly forget: () => void;
}

/** Tells when the first one watches a camera, and when nobody has for a moment. */
export class Viewers {
  readonly #options: ViewersOptions;
  readonly #watched = new Map<Channel, Watched>();

  constructor(options: ViewersOptions) {
    this.#options = options;
  }

  /** Somebody came to a camera or left it. */
  check(channel: Channel): void {
    const known = this.#watched.get(channel);
    const watched = isWatched(channel);
    if (known === undefined) {
      if (!watched) return;
      const forget = channel.onEnd(() => this.#left(channel));
      this.#watched.set(channel, { timer: undefined, forget });
      this.#options.changed('first-viewer', channel);
    } else if (watched) {
      clearTimeout(known.timer);
      known.timer = undefined;
    } else {
      known.timer ??= setTimeout(() => this.#left(channel), this.#options.settle ?? SETTLE);
    }
  }

  close(): void {
    for (const channel of [...this.#watched.keys()]) this.#drop(channel);
  }

  #left(channel: Channel): void {
    this.#drop(channel);
    this.#options.changed('last-viewer', channel);
  }

  #drop(channel: Channel): void {
    const known = this.#watched.get(channel);
    this.#watched.delete(channel);
    clearTimeout(known?.timer);
    known?.forget();
  }
}

function isWatched({ readers }: Channel): boolean {
  for (const { identity } of readers) if (!notViewers.has(identity.kind)) return true;
  return false;
}
