import { type ErrorCode, toFramehubError } from '../errors.ts';

/** What the program's exit code says. docs/reference/config.md lists the same. */
export const exitCodes = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  config: 3,
  address: 4,
  source: 5,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit code of a program that ended with this error. */
export function exitCodeOf(thrown: unknown): ExitCode {
  const { code } = toFramehubError(thrown);
  const exact = byCode[code];
  if (exact !== undefined) return exact;
  return /^(SOURCE|DEVICE|FFMPEG|COMMAND|PICTURE)_/.test(code)
    ? exitCodes.source
    : exitCodes.unexpected;
}

const byCode: Partial<Record<ErrorCode, ExitCode>> = {
  USAGE_INVALID: exitCodes.usage,
  CONFIG_INVALID: exitCodes.config,
  DETECT_INVALID: exitCodes.config,
  PORT_IN_USE: exitCodes.address,
  ADDRESS_UNAVAILABLE: exitCodes.address,
};
