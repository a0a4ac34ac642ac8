import { blendPixel } from './blend-pixel.js';
import { assertChannels, assertFinite } from './image-checks.js';
import type { Color, Point, RgbImage } from './types.js';

export interface CircleOptions {
  /** Pixels, to the middle of the rim. */
  readonly radius: number;
  readonly color: Color;
  /** Width of the rim in pixels; default a filled disc. */
  readonly width?: number | undefined;
  /** 0 … 1. Default 1. */
  readonly opacity?: number | undefined;
}

/**
 * Draws a disc, or a ring where a width is given, into the image that is passed; smooth at the rim.
 *
 * @param image changed
 * @param center column and row, may lie outside the image
 * @throws ConfigError if a coordinate or the radius is not finite
 */
export function drawCircle(image: RgbImage, center: Point, options: CircleOptions): void {
  assertChannels(image, 3, 'drawCircle');
  const { radius, color, width, opacity = 1 } = options;
  assertFinite([...center, radius], 'drawCircle', 'center and radius');
  const [cx, cy] = center;
  const reach = radius + (width ?? 0) / 2 + 0.5;
  for (let y = Math.max(0, Math.ceil(cy - reach)); y <= Math.min(image.height - 1, cy + reach); y++) {
    for (let x = Math.max(0, Math.ceil(cx - reach)); x <= Math.min(image.width - 1, cx + reach); x++) {
      const distance = Math.sqrt((x - cx) ** 2 + (y - cy) ** 2);
      const inside = width === undefined ? radius - distance : width / 2 - Math.abs(distance - radius);
      blendPixel(image, x, y, color, Math.min(1, inside + 0.5) * opacity);
    }
  }
}
