import { assertChannels } from '../image-checks.js';
import type { RgbImage } from '../types.js';
import { type Filters, sharedFilters } from './filter-memory.js';

/** So many bytes of 255 fit into a sum. */
const MOST_TAPS = 257;

/** Copies an image with its border repeated around it. */
function padInto(
  padded: Uint8Array,
  pitch: number,
  { width, height, data }: RgbImage,
  across: number,
  down: number,
): void {
  const line = 3 * width;
  for (let row = -down; row < height + down; row++) {
    const from = Math.min(height - 1, Math.max(0, row)) * line;
    const to = (row + down) * pitch + 3 * across;
    padded.set(data.subarray(from, from + line), to);
    for (let k = 1; k <= across; k++) {
      for (let c = 0; c < 3; c++) {
        padded[to - 3 * k + c] = data[from + c]!;
        padded[to + line + 3 * (k - 1) + c] = data[from + line - 3 + c]!;
      }
    }
  }
}

/**
 * Blurs an image in place along a straight line, as a moving camera does: the mean of the image moved by whole pixels
 * along it, by at most 257 places. Borders are repeated.
 *
 * @param length of the way in pixels
 * @param angle of the way in radians, 0 to the right
 * @throws ShapeError for an image that is not RGB
 */
export function motionBlur(image: RgbImage, length: number, angle: number, filters: Filters = sharedFilters()): void {
  const taps = Math.min(MOST_TAPS, Math.round(length) + 1);
  if (!(taps >= 2)) return;
  assertChannels(image, 3, 'motionBlur');
  const { width, height, data } = image;
  const moves = Array.from({ length: taps }, (_, tap) => {
    const along = (tap / (taps - 1) - 0.5) * length;
    return [Math.round(along * Math.cos(angle)), Math.round(along * Math.sin(angle))] as const;
  });
  const across = Math.max(...moves.map(([dx]) => Math.abs(dx)));
  const down = Math.max(...moves.map(([, dy]) => Math.abs(dy)));
  const columns = Math.ceil((3 * width) / 16) * 16;
  const pitch = columns + 6 * across;
  const rows = height + 2 * down;
  const take = filters.begin(pitch * rows + 32 + 2 * columns * height + data.length);
  const padded = take.bytes(pitch * rows + 32); // whole registers are read
  const sums = take.words(columns * height);
  const bytes = take.bytes(data.length);
  padInto(padded, pitch, image, across, down);
  sums.fill(0);
  const { kernels } = filters;
  for (const [dx, dy] of moves) {
    kernels.addShifted(padded, (dy + down) * pitch + 3 * (dx + across), pitch, sums, columns, height);
  }
  kernels.average(sums, bytes, columns, height, 3 * width, taps);
  data.set(bytes);
}
