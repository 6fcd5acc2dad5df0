import { describe, expect, it } from 'vitest';
import { recipes } from './recipes.ts';

const text = (title: string, token = '', base = 'http://10.0.0.2:5000/') =>
  recipes(base, 'front', token).find((recipe) => recipe.title === title)?.text;

describe('ready-made addresses', () => {
  it('are those of the server as this page reached it, path in front included', () => {
    expect(text('Stream')).toBe('http://10.0.0.2:5000/cameras/front/stream.mjpg');
    expect(text('Snapshot', '', 'https://example.org/cams/')).toBe(
      'https://example.org/cams/cameras/front/snapshot.jpg',
    );
  });

  it('carry the token when the page was opened with one', () => {
    expect(text('OpenCV', 's3cret')).toBe(
      'capture = cv2.VideoCapture("http://10.0.0.2:5000/cameras/front/stream.mjpg?token=s3cret")',
    );
    expect(text('Web page', 's3cret')).toBe(
      '<script type="module" src="http://10.0.0.2:5000/live-camera.js"></script>\n' +
        '<live-camera camera="front" token="s3cret"></live-camera>',
    );
  });

  it('give Home Assistant both addresses it asks for', () => {
    expect(text('Home Assistant')).toMatch(/stream\.mjpg\nStill image URL: .*snapshot\.jpg$/);
  });
});
