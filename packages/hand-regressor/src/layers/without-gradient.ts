import * as tf from '@tensorflow/tfjs-core';

/**
 * Computes a tensor that the gradient tape sees as a constant.
 *
 * What is passed to `customGrad` is a scalar that depends on nothing, so the tape has no way back from the result, and the
 * layers above do not even compute the gradient with respect to their input.
 */
export function withoutGradient<T extends tf.Tensor>(compute: () => T): T {
  const detached = tf.customGrad((x) => ({ value: compute(), gradFunc: () => tf.zerosLike(x as tf.Tensor) }));
  return tf.tidy(() => detached(tf.scalar(0)));
}
