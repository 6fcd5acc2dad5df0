import { expect, it } from 'vitest';
import { emptyPicture, frameOf } from '../../test/support/frames.ts';
import type { Detector } from '../detector.ts';
import { SharedDetectors } from './shared-detectors.ts';

it('opens one for all who want the same, and closes it after the last has left', async () => {
  const shared = new SharedDetectors();
  const events: string[] = [];
  const open = (name: string) => (): Detector => {
    events.push(`open ${name}`);
    return {
      name,
      detect: async ({ seq }) => {
        events.push(`${name} ${seq}`);
        return [];
      },
      close: async () => void events.push(`close ${name}`),
    };
  };
  const [first, second] = [shared.share('a', open('a')), shared.share('a', open('a'))];
  const other = shared.share('b', open('b'));
  expect([first.name, other.name]).toEqual(['a', 'b']);
  const { signal } = new AbortController();
  await second.detect(frameOf(await emptyPicture(), 7), signal);
  await first.close();
  await first.close();
  expect(events).toEqual(['open a', 'open b', 'a 7']);
  await second.close();
  await other.close();
  expect(events.slice(3)).toEqual(['close a', 'close b']);
  await shared.share('a', open('again')).close();
  expect(events.slice(5)).toEqual(['open again', 'close again']);
});
