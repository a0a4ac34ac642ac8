import { columnMajorPositions } from '../core/elements.js';

/** Values in column-major order put into row-major order. */
export function toRowMajor<T>(values: readonly T[], shape: readonly number[]): readonly T[] {
  const positions = columnMajorPositions(shape);
  return positions === undefined ? values : Array.from(positions, (position) => values[position]!);
}
