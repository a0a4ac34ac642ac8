import { blendPixel } from './blend-pixel.js';
import { assertChannels } from './image-checks.js';
import type { Color, RgbImage } from './types.js';

export interface Rect {
  /** Leftmost column and topmost row. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Fills whole pixels of the image that is passed: columns x … x + width − 1, rows y … y + height − 1.
 *
 * @param image changed
 * @param rect integers; what lies outside the image is left out
 */
export function fillRect(image: RgbImage, rect: Rect, color: Color, opacity = 1): void {
  assertChannels(image, 3, 'fillRect');
  const right = Math.min(image.width, rect.x + rect.width);
  const bottom = Math.min(image.height, rect.y + rect.height);
  for (let y = Math.max(0, rect.y); y < bottom; y++) {
    for (let x = Math.max(0, rect.x); x < right; x++) blendPixel(image, x, y, color, opacity);
  }
}

/**
 * Draws the outline of a rectangle, one pixel wide, just inside its borders, into the image that is passed.
 *
 * @param image changed
 */
export function drawRect(image: RgbImage, rect: Rect, color: Color, opacity = 1): void {
  const { x, y, width, height } = rect;
  fillRect(image, { x, y, width, height: 1 }, color, opacity);
  if (height > 1) fillRect(image, { x, y: y + height - 1, width, height: 1 }, color, opacity);
  fillRect(image, { x, y: y + 1, width: 1, height: height - 2 }, color, opacity);
  if (width > 1) fillRect(image, { x: x + width - 1, y: y + 1, width: 1, height: height - 2 }, color, opacity);
}
