import * as tf from '@tensorflow/tfjs-core';
import { assertShape } from '@opposable/tensor-checks';
import { constantOf } from './constant-of.js';
import { BAR_ITZHACK } from './host/bar-itzhack.js';

/** Row with the largest diagonal entry of [n, 4, 4], of unit length, with a positive first entry: w >= 0. */
function dominantRow(products: tf.Tensor): tf.Tensor {
  const diagonal = tf.sum(tf.mul(products, tf.eye(4)), 2); // [n, 4]
  const chosen = tf.cast(tf.oneHot(tf.argMax(diagonal, 1), 4), 'float32');
  const row = tf.sum(tf.mul(products, tf.expandDims(chosen, 2)), 1); // [n, 4]
  const unit = tf.div(row, tf.sqrt(tf.maximum(tf.sum(tf.square(row), 1, true), 1e-24)));
  const real = tf.slice(unit, [0, 0], [-1, 1]);
  return tf.mul(unit, tf.sub(tf.mul(tf.cast(tf.greaterEqual(real, 0), 'float32'), 2), 1));
}

/**
 * Unit quaternions of rotation matrices, in the order w x y z with w >= 0.
 *
 * The matrix 4qqᵀ is linear in R (Bar-Itzhack); its best row is a first guess q₀, and q = 4qqᵀq₀ normalised. With q₀
 * constant this has the gradient of the nearest rotation's quaternion, finite for every rotation. At θ = π, where q and
 * −q both have w = 0, one of the two is returned.
 *
 * @param matrix [..., 3, 3], rotation matrices (small deviations from orthogonality are projected away)
 * @returns [..., 4], w x y z
 * @throws ShapeError if the last dimensions are not 3, 3
 */
export function matrixToQuaternion(matrix: tf.Tensor): tf.Tensor {
  assertShape(matrix, ['...', 3, 3], 'matrixToQuaternion', 'matrix');
  const count = matrix.size / 9;
  return tf.tidy(() => {
    const flat = tf.reshape(matrix, [count, 9]);
    const linear = tf.matMul(flat, tf.tensor2d(BAR_ITZHACK as number[][]));
    const products = tf.add(tf.reshape(linear, [count, 4, 4]), tf.eye(4)); // 4qqᵀ
    const guess = constantOf(products, dominantRow);
    const quaternion = tf.sum(tf.mul(products, tf.expandDims(guess, 1)), 2); // [n, 4]
    const length = tf.sqrt(tf.maximum(tf.sum(tf.square(quaternion), 1, true), 1e-24));
    return tf.reshape(tf.div(quaternion, length), [...matrix.shape.slice(0, -2), 4]);
  });
}
