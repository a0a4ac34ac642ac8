import { ConfigError } from '@opposable/tensor-checks';
import type { SparseMatrix } from '../types.js';

const OPERATION = 'denseFromSparse';
const DEFAULT_MAX_ELEMENTS = 2 ** 27;

/**
 * The numbers of a sparse matrix in a dense one; values that share a place add up, as in scipy's `toarray`.
 *
 * @param matrix csc, csr or coo, as `readPickle` gives it
 * @param maxElements most elements that the result may have; default 2^27
 * @returns `{ dtype: 'float64', shape: [rows, columns], data }` in row-major order
 * @throws ConfigError if the matrix is larger than that
 */
export function denseFromSparse(
  matrix: SparseMatrix,
  maxElements: number = DEFAULT_MAX_ELEMENTS,
): { readonly dtype: 'float64'; readonly shape: readonly [number, number]; readonly data: Float64Array } {
  const [rows, columns] = matrix.shape;
  if (rows * columns > maxElements) {
    throw new ConfigError(
      `${OPERATION}: expected at most ${maxElements} elements, got a matrix of ${rows} × ${columns}.`,
      {
        expected: maxElements,
        actual: rows * columns,
      },
    );
  }
  const data = new Float64Array(rows * columns);
  const add = (row: number, column: number, i: number): void => {
    data[row * columns + column] = data[row * columns + column]! + Number(matrix.data[i]);
  };
  if (matrix.format === 'coo') {
    for (let i = 0; i < matrix.data.length; i++) add(matrix.row[i]!, matrix.col[i]!, i);
  } else {
    const { format, indices, indptr } = matrix;
    for (let major = 0; major + 1 < indptr.length; major++) {
      for (let i = indptr[major]!; i < indptr[major + 1]!; i++) {
        if (format === 'csc') add(indices[i]!, major, i);
        else add(major, indices[i]!, i);
      }
    }
  }
  return { dtype: 'float64', shape: [rows, columns], data };
}
