import type { CameraInfo } from '../../src/api/camera-schemas.ts';
import { isLookedAt } from './box-toggle.ts';
import { h } from './dom.ts';
import { facts, ratio } from './facts.ts';
import { FoundLine } from './found-line.ts';
import { recipeCard } from './recipe-card.ts';
import { recipes } from './recipes.ts';
import type { Tile } from './tile.ts';

/** One camera large, with everything needed to watch it elsewhere. */
export class LargeView {
  readonly element: HTMLElement;
  readonly #stage: HTMLElement;
  readonly #facts: HTMLElement;
  readonly #name: HTMLElement;
  readonly #source: HTMLElement;
  readonly #found: FoundLine;
  readonly #boxes: HTMLButtonElement;
  readonly #tile: Tile;
  readonly #back: HTMLAnchorElement;

  /** @param tile its player and its toggle are shown here until `close` */
  constructor(camera: CameraInfo, tile: Tile, base: string, token: string, back: () => void) {
    this.#tile = tile;
    this.#back = h('a', { href: '#', className: 'back' }, '‹ All cameras');
    this.#back.addEventListener('click', (event) => {
      event.preventDefault();
      back();
    });
    this.#name = h('h1', {});
    this.#facts = h('span', { className: 'facts' });
    this.#source = h('code', {});
    this.#found = new FoundLine(tile.player);
    this.#boxes = tile.boxes.button('quiet boxes', 'Boxes');
    this.#boxes.addEventListener('click', () => this.#found.refresh());
    this.#stage = h('div', { className: 'stage' }, tile.player);
    const tools = h('div', { className: 'tools' }, this.#boxes, this.#fullScreenButton());
    const bar = h('div', { className: 'bar' }, this.#back, tools);
    const about = h(
      'div',
      { className: 'about' },
      this.#name,
      this.#facts,
      this.#found.element,
      this.#source,
    );
    const list = recipes(base, camera.id, token, isLookedAt(camera)).map(recipeCard);
    const elsewhere = h(
      'section',
      { className: 'elsewhere' },
      h('h2', {}, 'Watch it elsewhere'),
      ...list,
    );
    if (!token && !isLoopback(new URL(base).hostname)) elsewhere.append(tokenNote());
    const watch = h('div', { className: 'watch' }, bar, this.#stage, about);
    this.element = h('article', { className: 'large' }, watch, elsewhere);
    this.update(camera);
  }

  update(camera: CameraInfo): void {
    this.#name.textContent = camera.name;
    this.#facts.textContent = facts(camera);
    this.#source.textContent = camera.source ?? '';
    this.#stage.style.setProperty('--ratio', String(ratio(camera)));
    this.#found.update(camera);
  }

  /** Gives the player back to its tile. */
  close(): void {
    this.#found.close();
    this.#tile.boxes.drop(this.#boxes);
    this.#tile.takeBack();
  }

  focus(): void {
    this.#back.focus({ preventScroll: true });
  }

  #fullScreenButton(): HTMLElement {
    const button = h('button', { type: 'button', className: 'quiet' }, 'Full screen');
    // A phone's browser may have none for anything but videos.
    button.hidden = !document.fullscreenEnabled;
    button.addEventListener('click', () => {
      if (document.fullscreenElement === null) void this.#stage.requestFullscreen();
      else void document.exitFullscreen();
    });
    return button;
  }
}

function tokenNote(): HTMLElement {
  const text = 'Where this server asks for a token, put “?token=…” at the end of these addresses.';
  return h('p', { className: 'note' }, text);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.');
}
