import type { Box, Extent } from '../filter-kernels.js';

const { fround, max, min } = Math;

/**
 * One box filter along a line of n pixels of four numbers: scale · (Σ of 2·whole + 1 pixels + part · the two beyond), as a sum
 * that moves on. Borders are repeated.
 */
function alongLine(source: Float32Array, from: number, target: Float32Array, to: number, n: number, box: Box): void {
  const { whole } = box;
  const part = fround(box.part);
  const scale = fround(box.scale);
  const last = n - 1;
  for (let c = 0; c < 4; c++) {
    const value = (i: number): number => source[from + 4 * min(last, max(0, i)) + c]!;
    let sum = 0;
    for (let k = -whole; k <= whole; k++) sum = fround(sum + value(k));
    for (let i = 0; i < n; i++) {
      const right = value(i + whole + 1);
      const ends = fround(part * fround(value(i - whole - 1) + right));
      target[to + 4 * i + c] = fround(scale * fround(sum + ends));
      sum = fround(sum + fround(right - value(i - whole)));
    }
  }
}

export function boxRows(pixels: Float32Array, spare: Float32Array, { width, height }: Extent, box: Box): void {
  for (let row = 0; row < height; row++) {
    const at = 4 * row * width;
    alongLine(pixels, at, spare, 0, width, box);
    alongLine(spare, 0, pixels, at, width, box);
  }
}

export function boxColumns(
  source: Float32Array,
  target: Float32Array,
  sums: Float32Array,
  { width, height }: Extent,
  box: Box,
): void {
  const { whole } = box;
  const part = fround(box.part);
  const scale = fround(box.scale);
  const line = 4 * width;
  const rowAt = (row: number): number => min(height - 1, max(0, row)) * line;
  sums.fill(0, 0, line);
  for (let k = -whole; k <= whole; k++) {
    for (let i = 0, from = rowAt(k); i < line; i++) sums[i] = sums[i]! + source[from + i]!;
  }
  for (let row = 0; row < height; row++) {
    const before = rowAt(row - whole - 1);
    const after = rowAt(row + whole + 1);
    const leaving = rowAt(row - whole);
    for (let i = 0; i < line; i++) {
      const coming = source[after + i]!;
      const ends = fround(part * fround(source[before + i]! + coming));
      target[row * line + i] = fround(scale * fround(sums[i]! + ends));
      sums[i] = sums[i]! + fround(coming - source[leaving + i]!);
    }
  }
}
