import * as tf from '@tensorflow/tfjs-core';

/**
 * A 0/1 mask computed from a tensor that may be differentiated.
 *
 * `tf.where(tf.greater(x, 0), …)` throws in the backward pass when `x` is differentiated, because comparisons have no
 * gradient. Here `predicate` runs unrecorded and its result counts as constant: multiply by it, or cast it to bool.
 *
 * @param x any tensor
 * @param predicate gives a bool or 0/1 tensor of any shape
 * @returns the mask as float32
 *
 * @example
 * const positivePart = (x: tf.Tensor) => tf.mul(x, constMask(x, (y) => tf.greater(y, 0)));
 */
export function constMask(x: tf.Tensor, predicate: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
  const shape = x.shape;
  return tf.customGrad((input) => ({
    value: tf.cast(predicate(input as tf.Tensor), 'float32'),
    gradFunc: () => tf.zeros(shape),
  }))(x);
}
