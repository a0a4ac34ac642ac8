import * as tf from '@tensorflow/tfjs-core';
import { assertShape, ConfigError } from '@opposable/tensor-checks';
import { GROUP_NORM } from '../training-kernels/group-norm.js';
import { hasFirstOrderKernel, runKernel } from './registered-kernel.js';

export interface GroupNormOptions {
  /** Groups of channels normalised together; a divisor of C. 1: layer normalisation over all but the batch. */
  groups: number;
  /** ε. Default 1e-5, as PyTorch. */
  epsilon?: number;
}

/**
 * Group normalisation: y = γ·(x − μ)/√(σ² + ε) + β, μ and σ² of each sample over the places and the channels of a group.
 *
 * One kernel forward and one backward where the backend has them (`registerWasmTrainingKernels`), else operations.
 *
 * @param x [B, …, C], rank 2 or more
 * @param scale γ, [C]
 * @param offset β, [C]
 * @returns as x
 * @throws ShapeError if scale or offset is not [C]; ConfigError if the groups do not divide C
 *
 * Reference: Wu & He 2018.
 */
export function groupNorm(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, options: GroupNormOptions): tf.Tensor {
  const { groups, epsilon = 1e-5 } = options;
  const [batch, channels] = [x.shape[0], x.shape[x.rank - 1]!];
  assertShape(scale, [channels], 'groupNorm', 'scale');
  assertShape(offset, [channels], 'groupNorm', 'offset');
  if (!(Number.isInteger(groups) && groups > 0 && channels % groups === 0)) {
    throw new ConfigError(`groupNorm: expected groups to divide the ${channels} channels, got ${groups}.`, {
      expected: channels,
      actual: groups,
    });
  }
  const places = x.shape.slice(1, -1).reduce((product, size) => product * size, 1);
  return tf.tidy(() => {
    if (x.size === 0) return tf.clone(x);
    if (hasFirstOrderKernel(GROUP_NORM)) {
      return runKernel<tf.Tensor[]>(GROUP_NORM, { x, scale, offset }, { groups, epsilon })[0]!;
    }
    const grouped = tf.reshape(x, [batch, places, groups, channels / groups]);
    const { mean, variance } = tf.moments(grouped, [1, 3], true);
    const root = tf.rsqrt(tf.add(variance, epsilon));
    const normalized = tf.reshape(tf.mul(tf.sub(grouped, mean), root), x.shape);
    return tf.add(tf.mul(normalized, scale), offset);
  });
}
