import * as tf from '@tensorflow/tfjs-core';
import { assertShape } from '@opposable/tensor-checks';
import { CSR_TIMES_DENSE, CSR_TRANSPOSED_TIMES_DENSE, CSR_VALUES_GRAD } from '../training-kernels/csr.js';
import type { CsrMatrix } from './csr-matrix.js';
import { hasKernel, runKernel } from './registered-kernel.js';

/**
 * Sparse matrix times dense, differentiable in both: y[b, r, :] = Σ over the entries k of row r of values[k]·x[b, indices[k], :].
 *
 * For graphs over the vertices of a mesh. To learn the entries pass `{ ...matrix, values: variable }`.
 *
 * @param matrix [R, V] sparse, see `csrMatrix`
 * @param dense [V, F] or [B, V, F] float32
 * @returns [R, F] or [B, R, F]
 * @throws ShapeError if the sizes do not fit
 */
export function sparseDenseMatMul(matrix: Omit<CsrMatrix, 'dispose'>, dense: tf.Tensor): tf.Tensor {
  const { columns, values, indices, starts } = matrix;
  const sizes = dense.rank === 2 ? [columns, 'F'] : ['B', columns, 'F'];
  assertShape(dense, sizes, 'sparseDenseMatMul', 'dense');
  assertShape(values, [indices.size], 'sparseDenseMatMul', 'values');
  if (!hasKernel(CSR_TIMES_DENSE) || dense.size === 0) return composed(matrix, dense);
  const attrs = { columns };
  const multiply = tf.customGrad((entries, x, save) => {
    const inputs = { values: entries as tf.Tensor, indices, starts, dense: x as tf.Tensor };
    (save as tf.GradSaveFunc)(Object.values(inputs));
    return {
      value: runKernel<tf.Tensor>(CSR_TIMES_DENSE, inputs, attrs),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const pattern = { values: saved[0]!, indices: saved[1]!, starts: saved[2]!, dy };
        return [
          runKernel<tf.Tensor>(CSR_VALUES_GRAD, { ...pattern, dense: saved[3]! }, attrs),
          runKernel<tf.Tensor>(CSR_TRANSPOSED_TIMES_DENSE, pattern, attrs),
        ];
      },
    };
  });
  return multiply(values, dense);
}

function composed({ rows, columns, values, indices, rowIds }: Omit<CsrMatrix, 'dispose'>, dense: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const width = dense.shape[dense.rank - 1]!;
    const batch = dense.rank === 3 ? dense.shape[0] : 1;
    const batched = tf.reshape(dense, [batch, columns, width]);
    const byVertex = tf.reshape(tf.transpose(batched, [1, 0, 2]), [columns, batch * width]);
    const terms = tf.mul(tf.gather(byVertex, indices), tf.expandDims(values, 1)); // [E, B·F]
    const sums = tf.reshape(tf.unsortedSegmentSum(terms, rowIds, rows), [rows, batch, width]);
    return tf.reshape(tf.transpose(sums, [1, 0, 2]), [...dense.shape.slice(0, -2), rows, width]);
  });
}
