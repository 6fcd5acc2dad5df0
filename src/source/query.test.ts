import { expect, it } from 'vitest';
import { SourceQuery, splitQuery } from './query.ts';

const query = (text: string) => new SourceQuery('test', text, ['fps', 'clock']);

it('splits a source at its last question mark', () => {
  expect(splitQuery('images:./a?b?fps=2')).toEqual({ place: 'images:./a?b', query: 'fps=2' });
  expect(splitQuery('images:./a')).toEqual({ place: 'images:./a', query: '' });
});

it('reads what was given and leaves the rest undefined', () => {
  expect(query('fps=2.5').number('fps', { min: 0.1, max: 10 })).toBe(2.5);
  expect(query('').number('fps', { min: 0.1, max: 10 })).toBeUndefined();
  expect(query('clock=off').choice('clock', ['on', 'off'])).toBe('off');
});

it.each([
  ['fsp=2', '"test:" has no option "fsp"; it has fps, clock.'],
  ['fps=2&fps=3', 'The option "fps" of "test:" must be one value, not "2" and "3".'],
  ['fps=11', 'The option "fps" of "test:" must be a whole number from 1 to 10, not "11".'],
  ['fps=1.5', 'The option "fps" of "test:" must be a whole number from 1 to 10, not "1.5".'],
  ['fps=', 'The option "fps" of "test:" must be a whole number from 1 to 10, not "".'],
  ['fps=0x2', 'The option "fps" of "test:" must be a whole number from 1 to 10, not "0x2".'],
  ['clock=no', 'The option "clock" of "test:" must be on or off, not "no".'],
])('%s is answered with what was expected and what came', (text, message) => {
  const read = () => {
    const options = query(text);
    options.number('fps', { min: 1, max: 10, whole: true });
    options.choice('clock', ['on', 'off']);
  };
  expect(read).toThrow(expect.objectContaining({ code: 'SOURCE_INVALID', message }));
});
