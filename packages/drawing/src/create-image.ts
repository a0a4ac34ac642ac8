import { assertImageSize } from './image-checks.js';
import type { Color, RgbImage } from './types.js';

/**
 * A new image of one colour.
 *
 * @param width pixels
 * @param height pixels
 * @param color red, green, blue in 0 … 255; default black
 * @throws ConfigError if a side is not a positive integer
 *
 * @example
 * const image = createImage(4, 2, [255, 0, 0]); // image.data.length → 24
 */
export function createImage(width: number, height: number, color: Color = [0, 0, 0]): RgbImage {
  assertImageSize(width, height, 'createImage');
  const data = new Uint8Array(width * height * 3);
  if (color[0] === color[1] && color[1] === color[2]) data.fill(color[0]);
  else for (let i = 0; i < data.length; i += 3) data.set(color, i);
  return { width, height, data };
}

/** A copy of an image that shares no pixels with it. */
export function copyImage<I extends { width: number; height: number; data: Uint8Array }>(image: I): I {
  return { ...image, data: image.data.slice() };
}
