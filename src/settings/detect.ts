/** A place in fractions of the picture: 0,0 is the upper left corner, 1,1 the lower right. */
export type Point = readonly [x: number, y: number];

/** The corners of an area, three at least; the last one is joined to the first. */
export type Polygon = readonly Point[];

/** A model of the SSD family: see assets/models/README.md for its input and outputs. */
export interface ModelSettings {
  /** An `.onnx` file. Relative paths start at the working directory. */
  readonly path: string;
  /** A JSON file `{"1": "person", …}`. Default: the 80 names of COCO. */
  readonly labels?: string;
  /** Size of its input, pixels. Default 300 x 300. */
  readonly width?: number;
  readonly height?: number;
}

/** How a camera's pictures are looked at. */
export interface DetectOptions {
  /** Most pictures a second, 0.01 to 60. Default 5. */
  readonly fps?: number;
  /** Only these labels count. Default: all. */
  readonly labels?: readonly string[];
  /** Surer than this, 0 to 1. Default 0.5 for `objects`, 0 for all others. */
  readonly minScore?: number;
  /** Only what stands in one of these counts. Default: all of the picture. */
  readonly zones?: Readonly<Record<string, Polygon>>;
  /** What happens in these areas does not count. */
  readonly mask?: readonly Polygon[];
  /** For `motion`: 1 sees large changes only, 100 the smallest. Default 50. */
  readonly sensitivity?: number;
  /** For `objects`. Default: the model that comes with framehub. */
  readonly model?: ModelSettings;
  /** How long a picture may take, ms. Default 5,000; what it has to load first has 30,000. */
  readonly timeout?: number;
}

/** Which detector looks at a camera's pictures, and how. */
export interface DetectSettings extends DetectOptions {
  /** As written: `motion`, `objects`, `auto`, `exec:…` or `http://…`, secrets included. */
  readonly detector: string;
}

/** A detector as it is written, taken apart. */
export type DetectorText =
  | { readonly kind: 'motion' | 'objects' | 'auto' }
  | { readonly kind: 'exec'; readonly command: string }
  | { readonly kind: 'http'; readonly url: URL };

export const detectorForms =
  'motion, objects, auto, exec: and a command, or an http(s) address such as http://127.0.0.1:8000/detect';

/** Undefined when `text` is no detector. */
export function readDetectorText(text: string): DetectorText | undefined {
  if (text === 'motion' || text === 'objects' || text === 'auto') return { kind: text };
  if (/^exec:\s*\S/i.test(text)) return { kind: 'exec', command: text.slice(5).trim() };
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return { kind: 'http', url: new URL(text) };
  return undefined;
}

/** Least and most of what is a number. */
export const detectLimits = {
  fps: [0.01, 60],
  minScore: [0, 1],
  sensitivity: [1, 100],
  timeout: [100, 600_000],
} as const;

export function isPolygon(points: Polygon): boolean {
  return (
    points.length >= 3 &&
    points.every((point) => point.length === 2 && point.every((value) => value >= 0 && value <= 1))
  );
}
