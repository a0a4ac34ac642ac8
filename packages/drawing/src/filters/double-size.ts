import { assertChannels } from '../image-checks.js';
import type { RgbImage } from '../types.js';
import { type Filters, sharedFilters } from './filter-memory.js';

/**
 * An image of twice the width and height, each pixel mixed from its nearest four: 9, 3, 3 and 1 parts of 16, which is bilinear
 * interpolation between pixel centres.
 *
 * @throws ShapeError for an image that is not RGB
 */
export function doubleSize(image: RgbImage, filters: Filters = sharedFilters()): RgbImage {
  assertChannels(image, 3, 'doubleSize');
  const { width, height, data } = image;
  const take = filters.begin(5 * data.length + 8 + 2 * (3 * width + 8));
  const bytes = take.bytes(data.length + 8);
  const out = take.bytes(4 * data.length);
  const row = take.words(3 * width + 8);
  bytes.set(data);
  filters.kernels.double(bytes, image, out, row);
  return { width: 2 * width, height: 2 * height, data: out.slice() };
}
