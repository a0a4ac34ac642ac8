/** A table of numbers. */
export const rows = (count: number, length: number, draw: (row: number, k: number) => number): number[][] =>
  Array.from({ length: count }, (_, row) => Array.from({ length }, (_, k) => draw(row, k)));
