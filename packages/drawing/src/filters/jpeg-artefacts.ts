import { assertChannels } from '../image-checks.js';
import type { RgbImage } from '../types.js';
import { type Filters, sharedFilters } from './filter-memory.js';

/** Luminance and chrominance tables of ISO/IEC 10918-1, annex K. */
const LUMINANCE = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51,
  87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
  72, 92, 95, 98, 112, 100, 103, 99,
] as const;
const CHROMINANCE = [
  17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99,
] as const;

/** The table for a quality from 1 to 100, by the rule of the Independent JPEG Group; rows and columns exchanged. */
function fillTable(out: Float32Array, table: readonly number[], quality: number): Float32Array {
  const scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  for (let i = 0; i < 64; i++) {
    const value = table[(i & 7) * 8 + (i >> 3)]!;
    out[i] = Math.min(255, Math.max(1, Math.floor((value * scale + 50) / 100)));
  }
  return out;
}

const upTo16 = (value: number): number => Math.ceil(value / 16) * 16;

/**
 * Leaves the traces that a JPEG file of a quality leaves, in place and without making the file: colours at half the
 * resolution, cosine coefficients of 8 × 8 blocks rounded to the standard tables.
 *
 * @param quality 1 … 100
 * @throws ShapeError for an image that is not RGB
 */
export function jpegArtefacts(image: RgbImage, quality: number, filters: Filters = sharedFilters()): void {
  assertChannels(image, 3, 'jpegArtefacts');
  const { data } = image;
  const [width, height] = [upTo16(image.width), upTo16(image.height)];
  const half = { width: width / 2, height: height / 2 };
  const take = filters.begin(data.length + 1 + 6 * width * height + 4 * 3 * 64);
  const bytes = take.bytes(data.length + 1); // a pixel is read with the byte that follows it
  const luma = take.floats(width * height);
  const [blues, reds] = [take.floats(luma.length / 4), take.floats(luma.length / 4)];
  const block = take.floats(64);
  const brightness = fillTable(take.floats(64), LUMINANCE, quality);
  const color = fillTable(take.floats(64), CHROMINANCE, quality);
  const planes = { width, height, luma, blues, reds };
  const { kernels } = filters;
  bytes.set(data);
  kernels.splitColors(bytes, image, planes);
  kernels.roundBlocks(luma, planes, brightness, block);
  kernels.roundBlocks(blues, half, color, block);
  kernels.roundBlocks(reds, half, color, block);
  kernels.joinColors(planes, bytes, image);
  data.set(bytes.subarray(0, data.length));
}
