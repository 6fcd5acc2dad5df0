import { LiveCamera } from './live-camera.ts';

export { LiveCamera };

// A page may load the script from two servers; the first one defines the element.
if (customElements.get('live-camera') === undefined) {
  customElements.define('live-camera', LiveCamera);
}
