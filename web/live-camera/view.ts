import { BoxLayer } from './box-layer.ts';
import { type Fit, isSideways, type Rotation, type Size } from './picture-place.ts';
import style from './style.css?inline';
import type { Tone, Words } from './words.ts';

/** An `<img>` keeps its connection until it is given something else to show. */
const NOTHING = 'data:,';

/** What a player shows, apart from the picture itself. */
export interface Look {
  readonly words: Words;
  /** The picture is dimmed with the words over it; else they stand in the corner. */
  readonly dim: boolean;
  /** Said once to a screen reader. */
  readonly spoken: string;
  /** What the picture is of. */
  readonly label: string;
}

/** How the page wants the picture to lie. */
export interface Pose {
  readonly fit: Fit;
  readonly rotation: Rotation;
}

/**
 * The inside of the element: a canvas, an image for MJPEG, boxes and words over them, a line in the
 * corner.
 */
export class View {
  readonly image: HTMLImageElement;
  readonly boxes: BoxLayer;
  readonly #pose: () => Pose;
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D | null;
  readonly #ratio = new CSSStyleSheet();
  readonly #stage: HTMLElement;
  readonly #title: HTMLElement;
  readonly #detail: HTMLElement;
  readonly #help: HTMLElement;
  readonly #line: HTMLElement;
  readonly #lateness: HTMLElement;
  readonly #spoken: HTMLElement;
  #size: Size = { width: 0, height: 0 };
  #tone: Tone = 'busy';

  constructor(root: ShadowRoot, pose: () => Pose) {
    this.#pose = pose;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet, this.#ratio];
    this.#canvas = make('canvas', 'picture');
    this.#canvas.setAttribute('role', 'img');
    this.#canvas.classList.add('blank');
    this.#context = this.#canvas.getContext('2d', { alpha: false });
    this.image = make('img', 'picture');
    this.image.hidden = true;
    const boxes = make('canvas', 'boxes');
    this.boxes = new BoxLayer(boxes, () => ({ picture: this.#canvas, ...pose() }));
    this.#title = make('p', 'title');
    this.#detail = make('p', 'detail');
    this.#help = make('p', 'help');
    const overlay = make('div', 'overlay', this.#title, this.#detail, this.#help);
    this.#line = document.createElement('span');
    const state = make('div', 'state', document.createElement('i'), this.#line);
    this.#lateness = make('div', 'lateness');
    // These count seconds, or are pictures; what changed is said once below.
    for (const each of [overlay, state, boxes, this.#lateness]) each.ariaHidden = 'true';
    this.#spoken = make('div', 'spoken');
    this.#spoken.setAttribute('role', 'status');
    const picture = [this.#canvas, this.image, boxes];
    this.#stage = make('div', 'stage', ...picture, overlay, state, this.#lateness, this.#spoken);
    this.#stage.classList.add('dim', 'busy');
    root.append(this.#stage);
  }

  draw(picture: ImageBitmap | HTMLImageElement, width: number, height: number): void {
    const canvas = this.#canvas;
    canvas.classList.remove('blank');
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
      this.resize(width, height);
    }
    this.#context?.drawImage(picture, 0, 0);
  }

  /** Takes the last picture away; its shape stays. */
  clear(): void {
    this.#canvas.classList.add('blank');
  }

  /** Takes the picture's shape; a rule of the page for the element wins over it. */
  resize(width: number, height: number): void {
    this.#size = { width, height };
    this.turn();
  }

  /** The picture lies in another way from now on. */
  turn(): void {
    const { width, height } = this.#size;
    if (width > 0) {
      const shape = isSideways(this.#pose().rotation)
        ? `${height} / ${width}`
        : `${width} / ${height}`;
      this.#ratio.replaceSync(`:host { aspect-ratio: ${shape}; }`);
    }
    this.boxes.render();
  }

  /** @param lateness ms; undefined: nobody would notice */
  tellLateness(lateness: number | undefined): void {
    const text = lateness === undefined ? '' : `boxes ${Math.round(lateness / 10) * 10} ms late`;
    write(this.#lateness, text);
  }

  /** Loads the image over the canvas; `revealImage` shows it once it has something to show. */
  loadImage(url: string): void {
    this.image.classList.add('blank');
    this.image.hidden = false;
    this.image.src = url;
  }

  revealImage(): void {
    this.image.classList.remove('blank');
  }

  /** Ends the image's connection; what it showed last stays to be seen. */
  dropImage(): void {
    const { image } = this;
    if (image.hidden) return;
    if (image.naturalWidth > 1) this.draw(image, image.naturalWidth, image.naturalHeight);
    image.hidden = true;
    image.src = NOTHING;
  }

  show({ words, dim, spoken, label }: Look): void {
    this.#stage.classList.toggle('dim', dim);
    if (words.tone !== this.#tone) this.#stage.classList.replace(this.#tone, words.tone);
    this.#tone = words.tone;
    write(this.#title, dim ? words.title : '');
    write(this.#detail, dim ? words.detail : '');
    write(this.#help, dim ? words.help : '');
    write(this.#line, dim ? '' : words.title);
    write(this.#spoken, spoken);
    if (this.#canvas.ariaLabel !== label) this.#canvas.ariaLabel = this.image.alt = label;
  }
}

function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  part: string,
  ...children: Node[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.className = part;
  element.part.add(part);
  element.append(...children);
  return element;
}

function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
