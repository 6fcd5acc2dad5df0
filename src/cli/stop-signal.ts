import { isatty } from 'node:tty';
import { exitCodes } from './exit-codes.ts';

export interface StopSignal {
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** Stops listening. */
  dispose(): void;
}

/** Turns the signals that ask a program to end into one AbortSignal; the second one ends it at once. */
export function listenForStop(target: NodeJS.Process): StopSignal {
  const abort = new AbortController();
  const stop = (): void => {
    if (abort.signal.aborted) target.exit(exitCodes.unexpected);
    abort.abort();
  };
  for (const name of stopSignals()) target.on(name, stop);
  return {
    signal: abort.signal,
    dispose() {
      for (const name of stopSignals()) target.off(name, stop);
    },
  };
}

/**
 * A closed terminal window ends the program too. Not when there is no terminal: listening would
 * undo `nohup`, which detaches the standard input.
 */
function stopSignals(): NodeJS.Signals[] {
  return isatty(0) ? ['SIGINT', 'SIGTERM', 'SIGHUP'] : ['SIGINT', 'SIGTERM'];
}
