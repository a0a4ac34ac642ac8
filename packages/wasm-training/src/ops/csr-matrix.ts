import * as tf from '@tensorflow/tfjs-core';
import { ConfigError } from '@opposable/tensor-checks';

/** A sparse matrix in compressed rows, as tensors. */
export interface CsrMatrix {
  readonly rows: number;
  readonly columns: number;
  /** [E] float32, row by row. */
  readonly values: tf.Tensor1D;
  /** [E] int32, the column of each entry. */
  readonly indices: tf.Tensor1D;
  /** [rows + 1] int32: the entries of row r are starts[r] … starts[r + 1] − 1. */
  readonly starts: tf.Tensor1D;
  /** [E] int32, the row of each entry; for backends without a kernel of their own. */
  readonly rowIds: tf.Tensor1D;
  /** Frees the four tensors; may be called again. */
  dispose(): void;
}

/** As scipy's `csr_matrix`: `data`, `indices`, `indptr`. */
export interface CsrArrays {
  rows: number;
  columns: number;
  data: ArrayLike<number>;
  indices: ArrayLike<number>;
  indptr: ArrayLike<number>;
}

/**
 * A sparse matrix from host arrays, for `sparseDenseMatMul`; the caller disposes it.
 *
 * @throws ConfigError if indptr does not rise from 0 to the number of entries, or a column lies outside the matrix
 */
export function csrMatrix({ rows, columns, data, indices, indptr }: CsrArrays): CsrMatrix {
  const entries = data.length;
  const fail = (what: string, expected: string, actual: string | number): never => {
    throw new ConfigError(`csrMatrix: expected ${what} ${expected}, got ${actual}.`, { expected, actual });
  };
  if (indices.length !== entries) fail('indices', `to be ${entries} as the data`, indices.length);
  if (indptr.length !== rows + 1) fail('indptr', `of ${rows + 1} numbers for ${rows} rows`, indptr.length);
  const rowIds = new Int32Array(entries);
  for (let r = 0; r < rows; r++) {
    const [start, end] = [indptr[r]!, indptr[r + 1]!];
    if (!(start <= end && end <= entries)) fail('indptr', 'to rise', `${start} and ${end} at row ${r}`);
    rowIds.fill(r, start, end);
  }
  if (indptr[0] !== 0 || indptr[rows] !== entries) {
    fail('indptr', `to rise from 0 to ${entries}`, `${indptr[0]} to ${indptr[rows]}`);
  }
  for (let k = 0; k < entries; k++) {
    const column = indices[k]!;
    if (!(column >= 0 && column < columns)) fail('indices', `in [0, ${columns - 1}]`, `${column} at entry ${k}`);
  }
  const tensors = {
    values: tf.tensor1d(Float32Array.from(data)),
    indices: tf.tensor1d(Int32Array.from(indices), 'int32'),
    starts: tf.tensor1d(Int32Array.from(indptr), 'int32'),
    rowIds: tf.tensor1d(rowIds, 'int32'),
  };
  return { rows, columns, ...tensors, dispose: () => tf.dispose(tensors) };
}
