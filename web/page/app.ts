import type { CameraInfo } from '../../src/api/camera-schemas.ts';
import type { CameraList } from './cameras.ts';
import { h } from './dom.ts';
import { commonRatio, summary } from './facts.ts';
import { LargeView } from './large.ts';
import { awayNotice, emptyNotice, unauthorizedNotice, unknownNotice } from './notices.ts';
import { leaveCamera, routedCamera } from './route.ts';
import { Tile } from './tile.ts';

/** More cameras than this are shown smaller, so that more of them are seen at a time. */
const MANY = 9;

export interface Places {
  readonly main: HTMLElement;
  readonly summary: HTMLElement;
}

/** What is on the page: the grid, one camera large, or a notice; kept in step with list and address. */
export class App {
  readonly #places: Places;
  readonly #base: string;
  readonly #token: string;
  readonly #grid = h('ul', { className: 'grid' });
  readonly #tiles = new Map<string, Tile>();
  #list: CameraList | undefined;
  #cameras: readonly CameraInfo[] | undefined;
  #large: { id: string; view: LargeView } | undefined;
  #notice: { key: string; element: HTMLElement } | undefined;
  #cameFromGrid = false;

  constructor(places: Places, base: string, token: string) {
    this.#places = places;
    this.#base = base;
    this.#token = token;
  }

  /** A new answer of the server. */
  update(list: CameraList): void {
    this.#list = list;
    if (list.kind === 'cameras') this.#cameras = list.cameras;
    if (list.kind === 'unauthorized') this.#cameras = undefined;
    if (list.kind !== 'away') this.#updateTiles();
    else for (const tile of this.#tiles.values()) tile.forget();
    this.render();
  }

  /** The address changed, or the list did. */
  render(): void {
    const line = this.#places.summary;
    const cameras = this.#cameras;
    const away = this.#list?.kind === 'away' && cameras !== undefined;
    line.textContent = away ? 'Server away, reconnecting…' : summary(cameras ?? []);
    line.classList.toggle('away', away);
    if (cameras === undefined) this.#renderWithout();
    else if (cameras.length === 0) this.#say('empty', emptyNotice);
    else this.#renderCameras(cameras);
  }

  leaveLarge(): void {
    if (this.#large !== undefined) leaveCamera(this.#cameFromGrid);
  }

  #renderWithout(): void {
    const list = this.#list;
    if (list?.kind === 'unauthorized') this.#say('unauthorized', unauthorizedNotice);
    else if (list?.kind === 'away') this.#say(`away ${list.reason}`, () => awayNotice(list.reason));
  }

  #renderCameras(cameras: readonly CameraInfo[]): void {
    const id = routedCamera(location.hash);
    const camera = cameras.find((each) => each.id === id);
    const tile = this.#tiles.get(camera?.id ?? '');
    if (id === undefined) this.#showGrid();
    else if (camera === undefined || tile === undefined) {
      this.#say(`unknown ${id}`, () => unknownNotice(id));
    } else this.#showLarge(camera, tile);
  }

  #showGrid(): void {
    const left = this.#large;
    this.#closeLarge();
    this.#show(this.#grid);
    document.title = 'framehub';
    if (left !== undefined) this.#tiles.get(left.id)?.focus();
  }

  #showLarge(camera: CameraInfo, tile: Tile): void {
    if (this.#large?.id === camera.id) {
      this.#large.view.update(camera);
      return;
    }
    this.#cameFromGrid = this.#grid.isConnected;
    this.#closeLarge();
    const back = () => this.leaveLarge();
    const view = new LargeView(camera, tile, this.#base, this.#token, back);
    this.#large = { id: camera.id, view };
    this.#show(view.element);
    document.title = `${camera.name} · framehub`;
    scrollTo(0, 0);
    if (this.#cameFromGrid) view.focus();
  }

  #closeLarge(): void {
    if (this.#large === undefined) return;
    this.#large.view.close();
    this.#large = undefined;
  }

  #say(key: string, make: () => HTMLElement): void {
    if (this.#notice?.key === key && this.#notice.element.isConnected) return;
    this.#closeLarge();
    const element = make();
    this.#show(element);
    this.#notice = { key, element };
  }

  #show(element: HTMLElement): void {
    const { main } = this.#places;
    if (element.parentNode !== main) main.replaceChildren(element);
  }

  #updateTiles(): void {
    const cameras = this.#cameras ?? [];
    const ids = new Set(cameras.map(({ id }) => id));
    for (const [id, tile] of this.#tiles) {
      if (ids.has(id)) continue;
      tile.element.remove();
      this.#tiles.delete(id);
    }
    for (const [index, camera] of cameras.entries()) {
      const tile = this.#tiles.get(camera.id) ?? new Tile(camera, this.#token);
      this.#tiles.set(camera.id, tile);
      tile.update(camera);
      const there = this.#grid.children[index];
      if (there !== tile.element) this.#grid.insertBefore(tile.element, there ?? null);
    }
    this.#grid.classList.toggle('many', cameras.length > MANY);
    this.#grid.dataset['count'] = String(cameras.length);
    this.#grid.style.setProperty('--ratio', String(commonRatio(cameras)));
  }
}
