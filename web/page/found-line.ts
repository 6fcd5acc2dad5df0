import type { CameraInfo } from '../../src/api/camera-schemas.ts';
import type { DetectionResult } from '../../src/api/detection.ts';
import { labelColor } from '../../src/api/detection-look.ts';
import type { LiveCamera } from '../live-camera/live-camera.ts';
import { h } from './dom.ts';
import { Counter } from './found-words.ts';

/** What is in view, in words, or why that is not known. */
export class FoundLine {
  readonly element = h('p', { className: 'found' });
  readonly #player: LiveCamera;
  readonly #counter = new Counter();
  #shown = '';
  #fault = '';

  constructor(player: LiveCamera) {
    this.#player = player;
    player.addEventListener('detections', this.#onResult);
  }

  update({ detector }: CameraInfo): void {
    const status = detector?.status;
    this.#fault = status?.state === 'retrying' ? `No boxes: ${status.reason}` : '';
    this.refresh();
  }

  /** Boxes may have been turned off: then nothing is known any more. */
  refresh(): void {
    if (this.#player.detections === 'off') this.#counter.clear();
    this.#render();
  }

  close(): void {
    this.#player.removeEventListener('detections', this.#onResult);
  }

  readonly #onResult = (event: Event): void => {
    if (!(event instanceof CustomEvent)) return;
    const { detections }: DetectionResult = event.detail;
    this.#counter.add(detections);
    this.#render();
  };

  #render(): void {
    const { counts } = this.#counter;
    const shown = this.#fault || counts.map(({ words }) => words).join(', ');
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.element.classList.toggle('fault', this.#fault !== '');
    const items = counts.map(({ label, words }) => {
      const dot = h('i', {});
      dot.style.setProperty('--color', labelColor(label));
      return h('span', {}, dot, words);
    });
    this.element.replaceChildren(...(this.#fault ? [this.#fault] : items));
  }
}
