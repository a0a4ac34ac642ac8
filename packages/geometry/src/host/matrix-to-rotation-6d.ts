import { type Rotation6dLayout, rotation6dIndices } from './rotation-6d-layout.js';

/**
 * The six numbers of a rotation matrix in a named layout.
 *
 * @param matrix 9 numbers, row-major
 * @param options `layout`: `'columns'`, `'interleaved'` or `'rows'`
 * @returns 6 numbers
 * @throws ConfigError for an unknown layout
 */
export function matrixToRotation6d(matrix: ArrayLike<number>, options: { layout: Rotation6dLayout }): Float64Array {
  return Float64Array.from(rotation6dIndices(options.layout, 'matrixToRotation6d'), (entry) => matrix[entry]!);
}
