import * as tf from '@tensorflow/tfjs-core';
import { assertShape } from '@opposable/tensor-checks';
import { BATCH_NORM } from '../training-kernels/batch-norm.js';
import { hasFirstOrderKernel, runKernel } from './registered-kernel.js';

export interface BatchNormTrainingOptions {
  /** ε. Default 1e-3, as tfjs-layers. */
  epsilon?: number;
}

export interface BatchNormTrainingResult {
  /** [B, …, C] */
  y: tf.Tensor;
  /** [C]; for running averages: no gradient flows through it. */
  mean: tf.Tensor1D;
  /** [C], divided by the count; no gradient flows through it. */
  variance: tf.Tensor1D;
}

/**
 * Batch normalisation with the statistics of the batch itself: y = γ·(x − μ)/√(σ² + ε) + β.
 *
 * One kernel forward and one backward where the backend has them (`registerWasmTrainingKernels`), else operations.
 *
 * @param x [B, …, C]
 * @param scale γ, [C]
 * @param offset β, [C]
 * @returns tensors owned by the caller
 * @throws ShapeError if scale or offset is not [C]
 *
 * Reference: Ioffe & Szegedy 2015.
 */
export function batchNormTraining(
  x: tf.Tensor,
  scale: tf.Tensor,
  offset: tf.Tensor,
  options: BatchNormTrainingOptions = {},
): BatchNormTrainingResult {
  const { epsilon = 1e-3 } = options;
  const channels = x.shape[x.rank - 1]!;
  assertShape(scale, [channels], 'batchNormTraining', 'scale');
  assertShape(offset, [channels], 'batchNormTraining', 'offset');
  if (hasFirstOrderKernel(BATCH_NORM) && x.size > 0) {
    const outputs = runKernel<tf.Tensor[]>(BATCH_NORM, { x, scale, offset }, { epsilon });
    return { y: outputs[0]!, mean: outputs[1] as tf.Tensor1D, variance: outputs[2] as tf.Tensor1D };
  }
  return tf.tidy(() => {
    const axes = Array.from({ length: x.rank - 1 }, (_, axis) => axis);
    const { mean, variance } = tf.moments(x, axes) as { mean: tf.Tensor1D; variance: tf.Tensor1D };
    const y = tf.batchNorm(x, mean, variance, offset, scale, epsilon);
    return { y, mean: constant(mean), variance: constant(variance) };
  });
}

/** Cut off the tape. */
function constant(x: tf.Tensor1D): tf.Tensor1D {
  return tf.customGrad((value) => ({
    value: tf.clone(value as tf.Tensor1D),
    gradFunc: () => tf.zerosLike(value as tf.Tensor1D),
  }))(x);
}
