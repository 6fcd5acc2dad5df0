import { expect, it } from 'vitest';
import { splitArguments } from './split-arguments.ts';

it.each([
  ['rpicam-vid -t 0  --codec mjpeg -o -', ['rpicam-vid', '-t', '0', '--codec', 'mjpeg', '-o', '-']],
  [`-i "my clip.mp4"`, ['-i', 'my clip.mp4']],
  [`-vf 'drawtext=text="hello there"'`, ['-vf', 'drawtext=text="hello there"']],
  [`a"b c"d`, ['ab cd']],
  [`""`, ['']],
  [`one\\ word`, ['one word']],
  [`"a \\"quoted\\" word"`, ['a "quoted" word']],
  [`C:\\cameras\\front.exe`, ['C:\\cameras\\front.exe']],
  [`'a\\b'`, ['a\\b']],
  ['$HOME `id` ; rm *', ['$HOME', '`id`', ';', 'rm', '*']],
  ['  ', []],
])('%s is split as a shell would, and nothing is expanded', (text, args) => {
  expect(splitArguments(text)).toEqual(args);
});

it.each([`"open`, `it's`])('%s has a quote that is not closed', (text) => {
  expect(splitArguments(text)).toBeUndefined();
});
