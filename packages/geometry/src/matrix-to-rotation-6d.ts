import * as tf from '@tensorflow/tfjs-core';
import { assertShape } from '@opposable/tensor-checks';
import { rotation6dIndices } from './host/rotation-6d-layout.js';
import type { Rotation6dOptions } from './rotation-6d-to-matrix.js';

/**
 * The six numbers of rotation matrices: two columns (or rows) in the named layout.
 *
 * @param matrix [..., 3, 3]
 * @param options `layout`: `'columns'`, `'interleaved'` or `'rows'`
 * @returns [..., 6]
 * @throws ShapeError if the last dimensions are not 3, 3; ConfigError for an unknown layout
 */
export function matrixToRotation6d(matrix: tf.Tensor, options: Rotation6dOptions): tf.Tensor {
  assertShape(matrix, ['...', 3, 3], 'matrixToRotation6d', 'matrix');
  const indices = rotation6dIndices(options.layout, 'matrixToRotation6d');
  return tf.tidy(() => {
    const selection = new Float32Array(9 * 6);
    indices.forEach((entry, i) => (selection[entry * 6 + i] = 1));
    const flat = tf.reshape(matrix, [matrix.size / 9, 9]);
    const picked = tf.matMul(flat, tf.tensor2d(selection, [9, 6]));
    return tf.reshape(picked, [...matrix.shape.slice(0, -2), 6]);
  });
}
