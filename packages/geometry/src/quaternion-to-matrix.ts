import * as tf from '@tensorflow/tfjs-core';
import { assertShape } from '@opposable/tensor-checks';

/** [16, 9]: the flattened products q qᵀ (w x y z) times this are the entries of R − I for a unit quaternion. */
const PRODUCTS_TO_MATRIX = (() => {
  const table = Array.from({ length: 16 }, () => new Array<number>(9).fill(0));
  const put = (a: number, b: number, entry: number, factor: number) => (table[a * 4 + b]![entry] = factor);
  for (let axis = 0; axis < 3; axis++) {
    const [i, j, k] = [axis, (axis + 1) % 3, (axis + 2) % 3] as const;
    put(j + 1, j + 1, i * 4, -2);
    put(k + 1, k + 1, i * 4, -2);
    put(i + 1, j + 1, i * 3 + j, 2);
    put(i + 1, j + 1, j * 3 + i, 2);
    put(0, k + 1, i * 3 + j, -2);
    put(0, k + 1, j * 3 + i, 2);
  }
  return table;
})();

/**
 * Rotation matrices of quaternions in the order w x y z.
 *
 * R = I + 2 (w V + V²)/|q|² with V the cross-product matrix of (x, y, z): the quaternion is normalised, q and −q give
 * the same matrix, and the zero quaternion gives the identity with a zero gradient.
 *
 * @param quaternion [..., 4], w x y z, any length
 * @returns [..., 3, 3] acting on column vectors
 * @throws ShapeError if the last dimension is not 4
 */
export function quaternionToMatrix(quaternion: tf.Tensor): tf.Tensor {
  assertShape(quaternion, ['...', 4], 'quaternionToMatrix', 'quaternion');
  const count = quaternion.size / 4;
  return tf.tidy(() => {
    const q = tf.reshape(quaternion, [count, 4]);
    const products = tf.mul(tf.reshape(q, [count, 4, 1]), tf.reshape(q, [count, 1, 4]));
    const unscaled = tf.matMul(tf.reshape(products, [count, 16]), tf.tensor2d(PRODUCTS_TO_MATRIX));
    const squared = tf.maximum(tf.sum(tf.square(q), 1, true), 1e-15); // its square, in the gradient, must not underflow
    const matrix = tf.add(tf.div(unscaled, squared), [1, 0, 0, 0, 1, 0, 0, 0, 1]);
    return tf.reshape(matrix, [...quaternion.shape.slice(0, -1), 3, 3]);
  });
}
