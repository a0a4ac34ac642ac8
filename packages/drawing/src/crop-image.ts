import { ConfigError } from '@opposable/tensor-checks';
import type { Rect } from './fill-rect.js';
import { assertImageSize, channelsOf } from './image-checks.js';
import type { Color, Image } from './types.js';

/**
 * A new image: the given rectangle of whole pixels. What lies outside the image is filled.
 *
 * A point at (u, v) moves to (u − x, v − y).
 *
 * @param rect integers, may reach outside
 * @param fill for what lies outside, default black; a single-channel image takes the first number
 * @throws ConfigError if the rectangle is not made of integers or has no area
 */
export function cropImage<I extends Image>(image: I, rect: Rect, fill: Color = [0, 0, 0]): I {
  const channels = channelsOf(image, 'cropImage');
  const { x, y, width, height } = rect;
  assertImageSize(width, height, 'cropImage');
  if (!Number.isInteger(x) || !Number.isInteger(y)) {
    throw new ConfigError(`cropImage: expected x and y as integers, got ${x}, ${y}.`, {
      expected: 'integers',
      actual: [x, y],
    });
  }
  const data = new Uint8Array(width * height * channels);
  if (fill.some((value) => value !== 0)) for (let i = 0; i < data.length; i++) data[i] = fill[i % channels]!;
  const left = Math.max(0, x);
  const right = Math.min(image.width, x + width);
  if (right > left) {
    for (let row = Math.max(0, y); row < Math.min(image.height, y + height); row++) {
      const start = (row * image.width + left) * channels;
      data.set(
        image.data.subarray(start, start + (right - left) * channels),
        ((row - y) * width + left - x) * channels,
      );
    }
  }
  return { ...image, width, height, data };
}
