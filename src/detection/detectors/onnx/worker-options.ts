/** The worker's exit code when the optional package can't be loaded (EX_UNAVAILABLE of sysexits). */
export const RUNTIME_MISSING = 69;

/** What the worker is told, as JSON in its one argument. Paths are absolute. */
export interface WorkerOptions {
  readonly model: string;
  readonly labels: string;
  /** Pixels of the model's input. */
  readonly width: number;
  readonly height: number;
}

/** What is less sure is not told, 0 to 1: cameras choose among the rest. */
export const SCORE_FLOOR = 0.1;
