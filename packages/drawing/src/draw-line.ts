import { blendPixel } from './blend-pixel.js';
import { assertChannels, assertFinite } from './image-checks.js';
import type { Color, Point, RgbImage } from './types.js';

export interface LineOptions {
  readonly color: Color;
  /** Pixels. Default 1. */
  readonly width?: number | undefined;
  /** 0 … 1. Default 1. */
  readonly opacity?: number | undefined;
}

/**
 * Draws a line with round ends into the image that is passed, smooth at the rim: a pixel is covered by
 * clamp(width/2 + 1/2 − distance of its centre to the segment, 0, 1).
 *
 * @param image changed
 * @param from column and row, may lie outside the image
 * @throws ConfigError if a coordinate is not finite
 */
export function drawLine(image: RgbImage, from: Point, to: Point, options: LineOptions): void {
  assertChannels(image, 3, 'drawLine');
  assertFinite([...from, ...to], 'drawLine', 'points');
  const radius = (options.width ?? 1) / 2;
  const opacity = options.opacity ?? 1;
  const [ax, ay] = from;
  const dx = to[0] - ax;
  const dy = to[1] - ay;
  const squared = dx * dx + dy * dy;
  const reach = radius + 0.5;
  const top = Math.max(0, Math.ceil(Math.min(ay, to[1]) - reach));
  const bottom = Math.min(image.height - 1, Math.floor(Math.max(ay, to[1]) + reach));
  const left = Math.max(0, Math.ceil(Math.min(ax, to[0]) - reach));
  const right = Math.min(image.width - 1, Math.floor(Math.max(ax, to[0]) + reach));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const along = squared === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / squared));
      const ox = x - ax - along * dx;
      const oy = y - ay - along * dy;
      const coverage = Math.min(1, reach - Math.sqrt(ox * ox + oy * oy));
      blendPixel(image, x, y, options.color, coverage * opacity);
    }
  }
}
