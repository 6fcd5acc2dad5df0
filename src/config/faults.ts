import { type ErrorCode, FramehubError } from '../errors.ts';

/** Collects everything that is wrong, so that one run tells all of it. */
export class Faults {
  readonly #lines: string[] = [];

  /** @param place where it was written: `framehub.yaml:3:7`, `FRAMEHUB_PORT`, `--port`. */
  add(place: string, problem: string): void {
    this.#lines.push(`${place}: ${problem}`);
  }

  get any(): boolean {
    return this.#lines.length > 0;
  }

  /** Throws one error with a line per fault; returns when there is none. */
  throwIfAny(code: ErrorCode): void {
    if (this.any) throw new FramehubError(code, this.#lines.join('\n'));
  }
}
