import { serverAddress } from './address.ts';
import type { BoxMode } from './boxes.ts';
import { Connections } from './connections.ts';
import type { Rotation } from './picture-place.ts';
import { Player, type Transport } from './player.ts';
import type { PlayerStatus } from './status.ts';
import { Ticker } from './ticker.ts';
import { View } from './view.ts';
import { watchVisibility } from './visibility.ts';

const LINGER = 5_000;

/**
 * `<live-camera camera="front">`: one camera, live.
 *
 * Attributes: `camera` (id), `server` (default: where this script came from), `token`,
 * `transport` (`auto`, `websocket`, `mjpeg`), `fit` (`contain`, `cover`), `rotate` (degrees),
 * `detections` (`live`, `matched`), `linger` (ms it goes on while nobody can see it, default 5000),
 * `bare` (no state line). Events, which don't bubble: `statechange` (detail: the status), `frame`
 * (detail: seq, capturedAt, width, height), `detections` (detail: the result).
 */
export class LiveCamera extends HTMLElement {
  static readonly observedAttributes = [
    ...['camera', 'server', 'token', 'transport', 'detections'],
    ...['fit', 'rotate', 'aria-label'],
  ];
  /** What the players of a page share. */
  static readonly shared = { connections: new Connections(), ticker: new Ticker() };

  readonly #player: Player;
  readonly #view: View;
  #visible = false;
  /** Ends everything that runs while the element is on the page. */
  #release: (() => void) | undefined;

  constructor() {
    super();
    this.#view = new View(this.attachShadow({ mode: 'open' }), () => ({
      fit: this.fit,
      rotation: this.rotate,
    }));
    this.#player = new Player(this.#view, LiveCamera.shared.connections, {
      label: () => this.getAttribute('aria-label'),
      onStatus: (detail) => this.dispatchEvent(new CustomEvent('statechange', { detail })),
      onFrame: ({ seq, capturedAt, width, height }) =>
        this.dispatchEvent(
          new CustomEvent('frame', { detail: { seq, capturedAt, width, height } }),
        ),
      onResult: (detail) => this.dispatchEvent(new CustomEvent('detections', { detail })),
    });
  }

  get camera(): string {
    return this.getAttribute('camera') ?? '';
  }
  set camera(id: string) {
    this.setAttribute('camera', id);
  }

  get server(): string {
    return this.getAttribute('server') ?? '';
  }
  set server(base: string) {
    this.setAttribute('server', base);
  }

  get token(): string {
    return this.getAttribute('token') ?? '';
  }
  set token(token: string) {
    this.setAttribute('token', token);
  }

  get transport(): Transport {
    const named = this.getAttribute('transport');
    return named === 'websocket' || named === 'mjpeg' ? named : 'auto';
  }
  set transport(transport: Transport) {
    this.setAttribute('transport', transport);
  }

  get fit(): 'contain' | 'cover' {
    return this.getAttribute('fit') === 'cover' ? 'cover' : 'contain';
  }
  set fit(fit: 'contain' | 'cover') {
    this.setAttribute('fit', fit);
  }

  get rotate(): Rotation {
    const named = this.getAttribute('rotate');
    const rotations: readonly Rotation[] = [90, 180, 270];
    return rotations.find((degrees) => String(degrees) === named) ?? 0;
  }
  set rotate(degrees: Rotation) {
    this.setAttribute('rotate', String(degrees));
  }

  get detections(): BoxMode {
    const named = this.getAttribute('detections');
    return named === 'live' || named === 'matched' ? named : 'off';
  }
  set detections(mode: BoxMode) {
    this.setAttribute('detections', mode);
  }

  get linger(): number {
    const ms = Number.parseFloat(this.getAttribute('linger') ?? '');
    return ms >= 0 ? ms : LINGER;
  }
  set linger(ms: number) {
    this.setAttribute('linger', String(ms));
  }

  get bare(): boolean {
    return this.hasAttribute('bare');
  }
  set bare(bare: boolean) {
    this.toggleAttribute('bare', bare);
  }

  get status(): PlayerStatus {
    return this.#player.status;
  }

  /** Of the newest picture on screen; undefined without one, and over MJPEG. */
  get seq(): number | undefined {
    return this.#player.seq;
  }

  /** How old that picture is, ms. */
  get age(): number | undefined {
    return this.#player.age;
  }

  connectedCallback(): void {
    if (this.#release !== undefined) return;
    this.#player.render();
    this.#view.boxes.follow();
    const unwatch = watchVisibility(
      this,
      () => this.linger,
      (visible) => this.#show(visible),
    );
    const untick = LiveCamera.shared.ticker.add(() => this.#player.tick());
    this.#release = () => {
      unwatch();
      untick();
      this.#show(false);
      this.#view.boxes.rest();
    };
  }

  /** An element that is only moved is back on the page before this task ends. */
  disconnectedCallback(): void {
    setTimeout(() => {
      if (this.isConnected) return;
      this.#release?.();
      this.#release = undefined;
    });
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after) return;
    if (name === 'aria-label') this.#player.render();
    else if (name === 'fit' || name === 'rotate') this.#view.turn();
    else if (this.#visible) this.#show(true);
  }

  #show(visible: boolean): void {
    this.#visible = visible;
    if (visible) {
      const address = serverAddress(this.server, this.token, import.meta.url);
      const { camera, transport, detections: boxes } = this;
      this.#player.play({ address, camera, transport, boxes });
    } else {
      this.#player.pause();
    }
  }
}
