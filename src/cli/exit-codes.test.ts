import { expect, test } from 'vitest';
import { type ErrorCode, errorHelp, FramehubError } from '../errors.ts';
import { exitCodeOf } from './exit-codes.ts';

test.each([
  ['USAGE_INVALID', 2],
  ['CONFIG_INVALID', 3],
  ['PORT_IN_USE', 4],
  ['ADDRESS_UNAVAILABLE', 4],
  ['SOURCE_UNAUTHORIZED', 5],
  ['DEVICE_BUSY', 5],
  ['FFMPEG_MISSING', 5],
  ['COMMAND_FAILED', 5],
  ['PICTURE_TRUNCATED', 5],
  ['INTERNAL', 1],
] as const)('%s ends the program with %i', (code, exitCode) => {
  expect(exitCodeOf(new FramehubError(code, 'x'))).toBe(exitCode);
});

test('what nobody foresaw ends the program with 1', () => {
  expect(exitCodeOf(new TypeError('x'))).toBe(1);
  expect(exitCodeOf(undefined)).toBe(1);
});

test('no error ends the program with 0', () => {
  const codes = Object.keys(errorHelp).filter((code): code is ErrorCode => code in errorHelp);
  expect(codes.filter((code) => exitCodeOf(new FramehubError(code, 'x')) === 0)).toEqual([]);
});
