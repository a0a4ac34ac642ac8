import { type Rotation6dLayout, rotation6dIndices } from './rotation-6d-layout.js';

function normalise(v: number[]): number[] {
  const length = Math.max(Math.hypot(...v), 1e-8);
  return v.map((value) => value / length);
}

/**
 * Rotation matrix of six numbers by Gram–Schmidt, in a named layout.
 *
 * @param rotation6d 6 numbers
 * @param options `layout`: `'columns'`, `'interleaved'` or `'rows'`
 * @returns 9 numbers, row-major
 * @throws ConfigError for an unknown layout
 */
export function rotation6dToMatrix(rotation6d: ArrayLike<number>, options: { layout: Rotation6dLayout }): Float64Array {
  const indices = rotation6dIndices(options.layout, 'rotation6dToMatrix');
  const byRows = options.layout === 'rows';
  const at = (vector: number, component: number) => (byRows ? vector * 3 + component : component * 3 + vector);
  const read = (vector: number) => [0, 1, 2].map((i) => rotation6d[indices.indexOf(at(vector, i))]!);
  const x = normalise(read(0));
  const second = read(1);
  const along = x.reduce((sum, value, i) => sum + value * second[i]!, 0);
  const y = normalise(second.map((value, i) => value - along * x[i]!));
  const z = [0, 1, 2].map((i) => x[(i + 1) % 3]! * y[(i + 2) % 3]! - x[(i + 2) % 3]! * y[(i + 1) % 3]!);
  const matrix = new Float64Array(9);
  [x, y, z].forEach((vector, j) => vector.forEach((value, i) => (matrix[at(j, i)] = value)));
  return matrix;
}
