import * as tf from '@tensorflow/tfjs-core';
import { ConfigError } from '@opposable/tensor-checks';

/** A normalisation in inference: y = scale·(x − mean)/√(variance + ε) + offset, each [C]. */
export interface InferenceBatchNorm {
  mean: tf.Tensor;
  variance: tf.Tensor;
  /** γ. Default ones. */
  scale?: tf.Tensor;
  /** β. Default zeros. */
  offset?: tf.Tensor;
  epsilon: number;
}

/**
 * Puts a batch normalisation into the convolution or dense layer before it: W′ = W·f, b′ = (b − mean)·f + offset with
 * f = scale/√(variance + ε) by output channel.
 *
 * @param filter [KH, KW, I, C] or [I, C]; of a depthwise convolution [KH, KW, I, M] with I·M = C
 * @param bias [C], default zeros
 * @returns filter and bias owned by the caller
 * @throws ConfigError if the filter does not end in C channels
 */
export function foldBatchNorm(
  filter: tf.Tensor,
  bias: tf.Tensor | undefined,
  norm: InferenceBatchNorm,
): { filter: tf.Tensor; bias: tf.Tensor } {
  const channels = norm.mean.size;
  const [before = 1, last = 1] = filter.shape.slice(-2);
  const isDepthwise = last !== channels && before * last === channels;
  if (last !== channels && !isDepthwise) {
    throw new ConfigError(
      `foldBatchNorm: expected a filter of ${channels} output channels, got shape [${filter.shape.join(', ')}].`,
      { expected: channels, actual: filter.shape },
    );
  }
  return tf.tidy(() => {
    const root = tf.rsqrt(tf.add(norm.variance, norm.epsilon));
    const factor = norm.scale ? tf.mul(norm.scale, root) : root;
    const shifted = tf.mul(bias ? tf.sub(bias, norm.mean) : tf.neg(norm.mean), factor);
    return {
      filter: tf.mul(filter, isDepthwise ? tf.reshape(factor, [before, last]) : factor),
      bias: norm.offset ? tf.add(shifted, norm.offset) : shifted,
    };
  });
}
