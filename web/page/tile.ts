import type { CameraInfo } from '../../src/api/camera-schemas.ts';
import type { LiveCamera } from '../live-camera/live-camera.ts';
import { BoxToggle } from './box-toggle.ts';
import { h } from './dom.ts';
import { shortFacts } from './facts.ts';
import { hashOf } from './route.ts';

/** One camera in the grid. Its player moves to the large view and back without a restart. */
export class Tile {
  readonly element: HTMLLIElement;
  readonly player: LiveCamera;
  readonly boxes: BoxToggle;
  readonly #link: HTMLAnchorElement;
  readonly #facts: HTMLElement;

  constructor(camera: CameraInfo, token: string) {
    this.player = document.createElement('live-camera') as LiveCamera;
    this.player.setAttribute('camera', camera.id);
    if (token) this.player.setAttribute('token', token);
    this.boxes = new BoxToggle(camera.id, this.player);
    this.#link = h('a', { href: hashOf(camera.id) });
    this.#facts = h('span', { className: 'facts' });
    this.element = h(
      'li',
      { className: 'tile' },
      this.player,
      h('div', {}, this.#link, this.#facts, this.boxes.button('boxes', 'Boxes')),
    );
    this.update(camera);
  }

  update(camera: CameraInfo): void {
    this.#link.textContent = camera.name;
    this.#facts.textContent = shortFacts(camera);
    this.boxes.update(camera);
  }

  /** The server is away: what it said last is no longer true. */
  forget(): void {
    this.#facts.textContent = '';
  }

  takeBack(): void {
    if (this.player.parentNode !== this.element) this.element.prepend(this.player);
  }

  focus(): void {
    this.#link.focus({ preventScroll: true });
  }
}
