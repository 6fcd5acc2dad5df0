import { FramehubError } from '../../errors.ts';
import type { PushTarget, SourceFrame, SourceKind } from '../../source.ts';

/** A picture pushed while nobody watches is shown at the start when it is no older than this, ms. */
const FRESH = 10_000;

/**
 * Pictures are brought to it. It holds one, the newest; one that is pushed before the last was
 * taken replaces it.
 */
export class PushSource implements PushTarget {
  readonly kind = 'push';
  readonly label = 'push:';
  readonly passive = true;
  #slot: { readonly picture: SourceFrame; readonly pushedAt: number } | undefined;
  #wake: (() => void) | undefined;
  #pushed = 0;
  #dropped = 0;

  /** Pictures pushed since it was opened. */
  get pushed(): number {
    return this.#pushed;
  }

  /** Of these, pictures nobody took: replaced by a newer one, or too old at the start. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Returns at once. The picture is handed over: its bytes must not be written to again. */
  push(picture: SourceFrame): void {
    this.#pushed++;
    if (this.#slot !== undefined) this.#dropped++;
    // A kept picture was captured when it came, not when it is looked at.
    this.#slot = { picture: { capturedAt: Date.now(), ...picture }, pushedAt: performance.now() };
    this.#wake?.();
  }

  async *frames(signal: AbortSignal): AsyncGenerator<SourceFrame, void> {
    if (this.#slot !== undefined && performance.now() - this.#slot.pushedAt > FRESH) {
      this.#slot = undefined;
      this.#dropped++;
    }
    while (!signal.aborted) {
      const picture = this.#slot?.picture;
      if (picture === undefined) {
        await this.#pushedOrAborted(signal);
        continue;
      }
      this.#slot = undefined;
      yield picture;
    }
  }

  #pushedOrAborted(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#wake = undefined;
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#wake = wake;
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}

/** `push:`: pictures are sent to us, over HTTP or by the program framehub is a part of. */
export const pushSource: SourceKind = {
  kind: 'push',
  usage: 'push:',
  matches: (text) => /^push:/i.test(text),
  isLocal: () => false,
  open(text): PushSource {
    if (/^push:$/i.test(text)) return new PushSource();
    throw new FramehubError('SOURCE_INVALID', `"push:" takes no options, but "${text}" came.`);
  },
};
