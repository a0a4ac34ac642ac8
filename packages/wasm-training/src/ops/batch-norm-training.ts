import * as tf from '@tensorflow/tfjs-core';
import { assertShape } from '@opposable/tensor-checks';
import { BATCH_NORM, BATCH_NORM_RELU } from '../training-kernels/batch-norm.js';
import { hasFirstOrderKernel, runKernel } from './registered-kernel.js';

export interface BatchNormTrainingOptions {
  /** ε. Default 1e-3, as tfjs-layers. */
  epsilon?: number;
  /** `'relu'`: the result is max(normalised + residual, 0). Default none. */
  activation?: 'relu';
  /** [B, …, C], added before the activation; only with one. */
  residual?: tf.Tensor;
}

export interface BatchNormTrainingResult {
  /** [B, …, C] after the activation, if there is one. */
  y: tf.Tensor;
  /** [C]; for running averages: no gradient flows through it. */
  mean: tf.Tensor1D;
  /** [C], divided by the count; no gradient flows through it. */
  variance: tf.Tensor1D;
}

/**
 * Batch normalisation with the statistics of the batch itself: y = γ·(x − μ)/√(σ² + ε) + β, and what a residual
 * network does next, y = max(… + residual, 0).
 *
 * One kernel forward and one backward where the backend has them (`registerWasmTrainingKernels`), else operations.
 *
 * @param x [B, …, C]
 * @param scale γ, [C]
 * @param offset β, [C]
 * @returns tensors owned by the caller
 * @throws ShapeError if scale or offset is not [C], or a residual has another shape than x
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
  const { activation, residual } = options;
  if (residual !== undefined) assertShape(residual, x.shape, 'batchNormTraining', 'residual');
  if (hasFirstOrderKernel(BATCH_NORM) && x.size > 0) {
    const relu = activation === 'relu';
    const inputs = { x, scale, offset, ...(relu && residual ? { residual } : {}) };
    const attrs = { epsilon, ...(relu ? { residual: residual !== undefined } : {}) };
    const outputs = runKernel<tf.Tensor[]>(relu ? BATCH_NORM_RELU : BATCH_NORM, inputs, attrs);
    return { y: outputs[0]!, mean: outputs[1] as tf.Tensor1D, variance: outputs[2] as tf.Tensor1D };
  }
  return tf.tidy(() => {
    const axes = Array.from({ length: x.rank - 1 }, (_, axis) => axis);
    const { mean, variance } = tf.moments(x, axes) as { mean: tf.Tensor1D; variance: tf.Tensor1D };
    const normalized = tf.batchNorm(x, mean, variance, offset, scale, epsilon);
    const y = activation === 'relu' ? tf.relu(residual ? tf.add(normalized, residual) : normalized) : normalized;
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
