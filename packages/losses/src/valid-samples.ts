import * as tf from '@tensorflow/tfjs-core';

/** [B] bool: the samples whose flag is set. */
export function isSet(flags: tf.Tensor): tf.Tensor {
  return tf.greater(tf.cast(flags, 'float32'), 0);
}

/** [n, 1] bool → [n, count] bool. A product, because tile is slow on the cpu and wasm backends. */
export function repeatColumns(column: tf.Tensor, count: number): tf.Tensor {
  return tf.cast(tf.matMul(tf.cast(column, 'float32'), tf.ones([1, count])), 'bool');
}

/**
 * The values of the chosen places, `otherwise` elsewhere. Applied before any arithmetic: a NaN in a place that is not
 * chosen then reaches neither the value nor, as 0 · NaN, the gradient.
 *
 * @param chosen bool, of the leading dimensions of `values`
 */
export function keepWhere(chosen: tf.Tensor, values: tf.Tensor, otherwise: number): tf.Tensor {
  const repeated = repeatColumns(tf.reshape(chosen, [chosen.size, 1]), values.size / chosen.size);
  return tf.where(tf.reshape(repeated, values.shape), values, tf.fill(values.shape, otherwise));
}

/** Mean of [B] over the chosen samples, 0 if there are none. Samples that are not chosen must already be finite. */
export function meanOver(chosen: tf.Tensor, perSample: tf.Tensor): tf.Scalar {
  const weight = tf.cast(chosen, 'float32');
  return tf.div<tf.Scalar>(tf.sum(tf.mul(perSample, weight)), tf.maximum(tf.sum(weight), 1));
}
