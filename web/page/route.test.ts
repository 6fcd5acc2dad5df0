import { expect, it } from 'vitest';
import { hashOf, routedCamera } from './route.ts';

it('the address names the camera that is large', () => {
  expect(routedCamera(hashOf('front'))).toBe('front');
  expect(routedCamera('#camera=back%20yard')).toBe('back yard');
});

it('any other address shows all cameras', () => {
  for (const hash of ['', '#', '#camera=', '#camera=%E0%A4%A', '#other']) {
    expect(routedCamera(hash)).toBeUndefined();
  }
});
