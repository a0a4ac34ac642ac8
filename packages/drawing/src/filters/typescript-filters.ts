import type { FilterKernels } from './filter-kernels.js';
import { addNoise } from './typescript/add-noise.js';
import { boxColumns, boxRows } from './typescript/box-blur.js';
import { joinColors, splitColors } from './typescript/color-planes.js';
import { addShifted, average } from './typescript/motion.js';
import { doubleSize, fillConvex, gradient, spot } from './typescript/paint.js';
import { gatherPixels, spreadBytes, sumTones } from './typescript/pixels.js';
import { roundBlocks } from './typescript/round-blocks.js';

/** The inner loops in plain TypeScript: the reference for the native ones, and what runs where WebAssembly has no SIMD. */
export const typescriptFilters: FilterKernels = {
  name: 'typescript',
  spread: spreadBytes,
  gather: gatherPixels,
  boxRows,
  boxColumns,
  noise: addNoise,
  addShifted,
  average,
  tone: sumTones,
  splitColors,
  joinColors,
  roundBlocks,
  fillConvex,
  gradient,
  spot,
  double: doubleSize,
};
