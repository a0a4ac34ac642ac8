import type { PixelBlock } from '../kernels.js';
import type { WorkspaceArrays } from '../workspace.js';

/**
 * Gathers the samples of each pixel by the face they show: one fragment a face, at the mean place of its samples, so that lighting
 * runs once where a face covers many samples. `front` becomes the nearest sample of each pixel of the band.
 *
 * @returns the number of fragments
 */
export function collectFragments(arrays: WorkspaceArrays, block: PixelBlock, stride: number): number {
  const { visible, nearness, front, fragmentIds, fragmentPixels, fragmentSamples, fragmentColumns, fragmentRows } =
    arrays;
  const { width, antialias, rowStart, rowEnd, columnStart, columnEnd } = block;
  let count = 0;
  for (let row = rowStart; row < rowEnd; row++) {
    for (let column = columnStart; column < columnEnd; column++) {
      const pixel = row * width + column;
      const first = count;
      let nearest = -Infinity;
      let nearestSample = -1;
      for (let i = 0; i < antialias; i++) {
        let sample = ((row - rowStart) * antialias + i) * stride + column * antialias;
        for (let j = 0; j < antialias; j++, sample++) {
          const id = visible[sample]!;
          if (id < 0) continue;
          if (nearness[sample]! > nearest) {
            nearest = nearness[sample]!;
            nearestSample = sample;
          }
          let f = count - 1;
          while (f >= first && fragmentIds[f] !== id) f--;
          if (f < first) {
            f = count++;
            fragmentIds[f] = id;
            fragmentPixels[f] = pixel;
            fragmentSamples[f] = 0;
            fragmentColumns[f] = 0;
            fragmentRows[f] = 0;
          }
          fragmentSamples[f]!++;
          fragmentColumns[f]! += j; // small integers: exact
          fragmentRows[f]! += i;
        }
      }
      front[(row - rowStart) * width + column] = nearestSample;
      for (let f = first; f < count; f++) {
        const samples = fragmentSamples[f]!;
        fragmentColumns[f] = column * antialias + fragmentColumns[f]! / samples;
        fragmentRows[f] = row * antialias + fragmentRows[f]! / samples;
      }
    }
  }
  return count;
}
