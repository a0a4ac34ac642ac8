import * as tf from '@tensorflow/tfjs-core';

/**
 * The same values, through which no gradient flows.
 *
 * y = x, ∂y/∂x = 0: for statistics that are to count as constants. TensorFlow.js has no such operation of its own.
 *
 * @param x any tensor
 * @returns a new tensor with the shape, type and values of `x`
 */
export function stopGradient<T extends tf.Tensor>(x: T): T {
  const shape = x.shape;
  return tf.customGrad((input) => ({
    value: tf.clone(input as T),
    gradFunc: () => tf.zeros(shape),
  }))(x);
}
