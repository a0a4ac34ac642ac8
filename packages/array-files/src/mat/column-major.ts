import { columnMajorPositions } from '../core/elements.js';
import type { MatChar } from './types.js';

/** Values in column-major order put into row-major order. */
export function toRowMajor<T>(values: readonly T[], shape: readonly number[]): readonly T[] {
  const positions = columnMajorPositions(shape);
  return positions === undefined ? values : Array.from(positions, (position) => values[position]!);
}

/** A char array of characters in column-major order: one text per row. */
export function charArray(characters: readonly string[], shape: readonly number[]): MatChar {
  const rowMajor = toRowMajor(characters, shape);
  const columns = shape.at(-1)!;
  const rowCount = columns === 0 ? 0 : rowMajor.length / columns;
  const rows = Array.from({ length: rowCount }, (_, row) => {
    return rowMajor.slice(row * columns, (row + 1) * columns).join('');
  });
  return { kind: 'char', shape, rows };
}
