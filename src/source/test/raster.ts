export type Color = readonly [red: number, green: number, blue: number];

/** A picture being drawn: RGB, 3 bytes a pixel. */
export interface Raster {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** How much of a colour each pixel gets, 0-255. */
export interface Mask {
  readonly alpha: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export function fillRect(
  raster: Raster,
  left: number,
  top: number,
  right: number,
  bottom: number,
  grey: number,
): void {
  for (let y = top; y < bottom; y++) {
    const row = y * raster.width;
    raster.data.fill(grey, (row + left) * 3, (row + right) * 3);
  }
}

/** Lays a colour over the picture through a mask; what is outside of the picture is left out. */
export function drawMask(
  raster: Raster,
  mask: Mask,
  left: number,
  top: number,
  color: Color,
): void {
  const { data, width } = raster;
  const [red, green, blue] = color;
  const firstX = Math.max(0, -left);
  const lastX = Math.min(mask.width, width - left);
  const lastY = Math.min(mask.height, raster.height - top);
  for (let y = Math.max(0, -top); y < lastY; y++) {
    let from = y * mask.width + firstX;
    let to = ((top + y) * width + left + firstX) * 3;
    for (let x = firstX; x < lastX; x++, from++, to += 3) {
      const alpha = mask.alpha[from] ?? 0;
      if (alpha === 0) continue;
      const rest = 255 - alpha;
      data[to] = ((data[to] ?? 0) * rest + red * alpha) / 255;
      data[to + 1] = ((data[to + 1] ?? 0) * rest + green * alpha) / 255;
      data[to + 2] = ((data[to + 2] ?? 0) * rest + blue * alpha) / 255;
    }
  }
}

/** A disc with a soft edge. */
export function discMask(diameter: number): Mask {
  const alpha = new Uint8Array(diameter * diameter);
  const radius = diameter / 2;
  for (let y = 0; y < diameter; y++) {
    for (let x = 0; x < diameter; x++) {
      const distance = Math.hypot(x + 0.5 - radius, y + 0.5 - radius);
      alpha[y * diameter + x] = Math.max(0, Math.min(1, radius - distance + 0.5)) * 255;
    }
  }
  return { alpha, width: diameter, height: diameter };
}
