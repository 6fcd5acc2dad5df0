import type { CameraInfo } from '../../src/api/camera-schemas.ts';
import type { LiveCamera } from '../live-camera/live-camera.ts';
import { h } from './dom.ts';

const KEY = 'framehub-boxes-';

/** Whether boxes are drawn over one camera: on where there is something to draw, until turned off. */
export class BoxToggle {
  readonly #camera: string;
  readonly #player: LiveCamera;
  readonly #buttons = new Set<HTMLButtonElement>();
  #isAvailable = false;
  #isWanted: boolean;

  constructor(camera: string, player: LiveCamera) {
    this.#camera = camera;
    this.#player = player;
    this.#isWanted = wasWanted(camera);
  }

  /** One of the places where it can be turned on and off. */
  button(className: string, text: string): HTMLButtonElement {
    const icon = h('i', { 'aria-hidden': true });
    const button = h('button', { type: 'button', className, title: 'Boxes around what is found' });
    button.append(icon, h('span', {}, text));
    button.addEventListener('click', () => {
      this.#isWanted = !this.#isWanted;
      remember(this.#camera, this.#isWanted);
      this.#apply();
    });
    this.#buttons.add(button);
    this.#apply();
    return button;
  }

  /** Forgets a button that is not on the page any more. */
  drop(button: HTMLButtonElement): void {
    this.#buttons.delete(button);
  }

  update(camera: CameraInfo): void {
    this.#isAvailable = isLookedAt(camera);
    this.#apply();
  }

  #apply(): void {
    const isOn = this.#isAvailable && this.#isWanted;
    const mode = isOn ? 'matched' : 'off';
    if (this.#player.getAttribute('detections') !== mode) {
      this.#player.setAttribute('detections', mode);
    }
    for (const button of this.#buttons) {
      button.hidden = !this.#isAvailable;
      button.ariaPressed = String(isOn);
    }
  }
}

/** Whether anything is found in this camera's pictures. */
export function isLookedAt({ detector, lastResult }: CameraInfo): boolean {
  return detector !== undefined || lastResult !== undefined;
}

function wasWanted(camera: string): boolean {
  try {
    return localStorage.getItem(KEY + camera) !== 'off';
  } catch {
    // A browser may forbid to keep anything.
    return true;
  }
}

function remember(camera: string, wanted: boolean): void {
  try {
    if (wanted) localStorage.removeItem(KEY + camera);
    else localStorage.setItem(KEY + camera, 'off');
  } catch {
    // Then it is so for now.
  }
}
