import type { Detection } from '../../src/api/detection.ts';
import { LABEL_INK, labelColor, labelText, scoreText } from '../../src/api/detection-look.ts';
import { type Area, placeLabels } from '../../src/api/label-place.ts';
import type { DrawnBoxes } from './boxes.ts';
import {
  boxPlace,
  type Fit,
  type Place,
  picturePlace,
  type Rotation,
  type Size,
} from './picture-place.ts';

/** All CSS pixels. */
const LINE = 2;
const RIM = 1;
const CORNER = 3;
const LETTERS = 12;
const SMALL_LETTERS = 10;
/** A picture narrower than this has small letters. */
const NARROW = 360;
/** Wider than this, there is room for the number of each track. */
const ROOMY = 640;
const PAD = 4;
const RIM_COLOR = 'rgb(0 0 0 / 0.45)';

/** How the picture lies in the element. */
export interface Lie {
  readonly picture: Size;
  readonly fit: Fit;
  readonly rotation: Rotation;
}

/** Draws boxes over the picture, in the pixels of the screen, so that lines and letters are sharp. */
export class BoxLayer {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D | null;
  readonly #lie: () => Lie;
  readonly #observer: ResizeObserver;
  #size: Size = { width: 0, height: 0 };
  #boxes: readonly DrawnBoxes[] = [];
  #isBlank = true;
  #font = '';
  /** Colours of the page's own; empty: one for each label. */
  #color = '';
  #ink = '';

  constructor(canvas: HTMLCanvasElement, lie: () => Lie) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d');
    this.#lie = lie;
    this.#observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) this.#resize(entry.contentRect);
    });
  }

  /** Follows the size of the element until `rest`. */
  follow(): void {
    this.#observer.observe(this.#canvas);
    this.restyle();
  }

  rest(): void {
    this.#observer.disconnect();
    this.show([]);
  }

  /** Takes the colours and letters that the page has set. */
  restyle(): void {
    const style = getComputedStyle(this.#canvas);
    this.#font = style.fontFamily;
    this.#color = style.getPropertyValue('--_box').trim();
    this.#ink = style.getPropertyValue('--_label').trim();
  }

  show(boxes: readonly DrawnBoxes[]): void {
    this.#boxes = boxes;
    this.render();
  }

  render(): void {
    const context = this.#context;
    if (context === null) return;
    const drawn = this.#boxes.filter(({ opacity, detections }) => opacity > 0 && detections.length);
    if (drawn.length === 0 && this.#isBlank) return;
    const { width, height } = this.#canvas;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    this.#isBlank = true;
    const { picture, fit, rotation } = this.#lie();
    if (this.#size.width === 0 || picture.width === 0) return;
    this.#isBlank = drawn.length === 0;
    const scale = width / this.#size.width;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const place = picturePlace(this.#size, picture, fit, rotation);
    for (const { detections, opacity } of drawn) {
      context.globalAlpha = opacity;
      this.#draw(context, detections, place, rotation);
    }
  }

  #draw(
    context: CanvasRenderingContext2D,
    detections: readonly Detection[],
    place: Place,
    rotation: Rotation,
  ): void {
    const placed = detections
      .map((detection) => ({
        detection,
        color: this.#color || labelColor(detection.label),
        at: boxPlace(detection.box, place, rotation),
      }))
      .filter(({ at }) => isSeen(at, this.#size));
    // Larger ones first, so that what is in front of them stays to be seen.
    placed.sort((a, b) => b.at.width * b.at.height - a.at.width * a.at.height);
    for (const { at, color } of placed) drawBox(context, at, color);
    const letters = this.#size.width < NARROW ? SMALL_LETTERS : LETTERS;
    context.font = `600 ${letters}px ${this.#font}`;
    context.textBaseline = 'alphabetic';
    const labels = placed.map(({ detection, at }) => {
      const text = this.#words(context, detection, at.width);
      const box = grown(at, LINE);
      const width = Math.ceil(context.measureText(text).width) + 2 * PAD;
      return { text, box, width, height: letters + 6 };
    });
    for (const [index, place] of placeLabels(labels, this.#size).entries()) {
      const { text = '' } = labels[index] ?? {};
      this.#drawLabel(context, text, place, placed[index]?.color ?? '', letters);
    }
  }

  /** As much as the width of the box has room for. */
  #words(context: CanvasRenderingContext2D, detection: Detection, room: number): string {
    const { label } = detection;
    const name = labelText(detection);
    const withScore = `${name}  ${scoreText(detection)}`;
    const fits = (text: string) => context.measureText(text).width + 2 * PAD <= room + 2 * LINE;
    if (fits(withScore)) return withScore;
    return fits(name) || this.#size.width >= ROOMY ? name : label;
  }

  #drawLabel(
    context: CanvasRenderingContext2D,
    text: string,
    { left, top, width, height }: Area,
    color: string,
    letters: number,
  ): void {
    context.fillStyle = color;
    context.beginPath();
    context.roundRect(left, top, width, height, CORNER);
    context.fill();
    context.fillStyle = this.#ink || LABEL_INK;
    context.fillText(text, left + PAD, top + letters + 1);
  }

  #resize({ width, height }: Size): void {
    this.#size = { width, height };
    const scale = Math.min(3, devicePixelRatio || 1);
    this.#canvas.width = Math.round(width * scale);
    this.#canvas.height = Math.round(height * scale);
    this.#isBlank = true;
    this.render();
  }
}

/** The inner edge of the line is the edge of the box; a dark rim makes it seen on bright ground. */
function drawBox(
  context: CanvasRenderingContext2D,
  { left, top, width, height }: Place,
  color: string,
): void {
  const half = LINE / 2;
  context.beginPath();
  context.roundRect(left - half, top - half, width + LINE, height + LINE, CORNER);
  context.lineWidth = LINE + 2 * RIM;
  context.strokeStyle = RIM_COLOR;
  context.stroke();
  context.lineWidth = LINE;
  context.strokeStyle = color;
  context.stroke();
}

function grown({ left, top, width, height }: Place, by: number): Place {
  return { left: left - by, top: top - by, width: width + 2 * by, height: height + 2 * by };
}

/** A cropped picture has things beyond the element. */
function isSeen({ left, top, width, height }: Place, element: Size): boolean {
  return left + width > 0 && top + height > 0 && left < element.width && top < element.height;
}
