/** Where the command writes, and what may be written there. */
export interface Terminal {
  /** Writes to the standard output. */
  print(text: string): void;
  /** Writes to the standard error output. */
  complain(text: string): void;
  /** A person looks at it: a QR code is of use. */
  readonly interactive: boolean;
  readonly color: boolean;
}

/** The terminal of this process. `NO_COLOR` set to anything turns colours off (no-color.org). */
export function processTerminal({ stdout, stderr, env }: NodeJS.Process): Terminal {
  for (const stream of [stdout, stderr]) {
    // `framehub | head -1` closes the pipe: nothing more can be said there, and all else goes on.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  return {
    print: (text) => void stdout.write(text),
    complain: (text) => void stderr.write(text),
    interactive: stdout.isTTY === true,
    color: stdout.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb',
  };
}
