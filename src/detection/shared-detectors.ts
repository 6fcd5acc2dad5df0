import type { Detector } from '../detector.ts';

interface Shared {
  readonly detector: Detector;
  users: number;
}

/** Detectors that several cameras use: opened for the first of them, closed after the last. */
export class SharedDetectors {
  readonly #shared = new Map<string, Shared>();

  /** @param key what it is; the same for those who share one */
  share(key: string, open: () => Detector): Detector {
    const shared = this.#shared.get(key) ?? { detector: open(), users: 0 };
    this.#shared.set(key, shared);
    shared.users += 1;
    let left = false;
    return {
      name: shared.detector.name,
      detect: (frame, signal) => shared.detector.detect(frame, signal),
      close: async () => {
        if (left) return;
        left = true;
        shared.users -= 1;
        if (shared.users > 0) return;
        this.#shared.delete(key);
        await shared.detector.close();
      },
    };
  }
}
