import { expect, test } from 'vitest';
import { FramehubError } from '../errors.ts';
import { errorText } from './error-text.ts';

test('an error is what happened, what to do and the code', () => {
  const error = new FramehubError('PORT_IN_USE', 'Port 5000 is taken.', { help: 'Take 5001.' });
  expect(errorText(error)).toBe('framehub: Port 5000 is taken.\n  Take 5001.\n  PORT_IN_USE\n');
});

test('several faults stand below each other', () => {
  const error = new FramehubError('CONFIG_INVALID', 'a.yaml:1:1: x\na.yaml:2:1: y', { help: 'h' });
  expect(errorText(error)).toBe(
    'framehub: a.yaml:1:1: x\n          a.yaml:2:1: y\n  h\n  CONFIG_INVALID\n',
  );
});

test('a fault of our own keeps its stack', () => {
  expect(errorText(new TypeError('x is not a function'))).toMatch(
    /^framehub: x is not a function\n.*\n {2}INTERNAL\nTypeError: x is not a function\n {4}at /,
  );
});
