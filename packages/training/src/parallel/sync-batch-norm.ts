import * as tf from '@tensorflow/tfjs-core';
import { ConfigError } from '@opposable/tensor-checks';
import { tensorMemory, tensorOf } from '../tensor-memory.js';
import type { AllReduceMember } from './all-reduce.js';

function exchanged(member: AllReduceMember, x: tf.Tensor): tf.Tensor {
  const values = tensorMemory(x);
  if (values === undefined) {
    throw new ConfigError(`syncBatchNorm: expected backend "wasm" or "cpu", got "${tf.getBackend()}".`, {
      expected: ['wasm', 'cpu'],
      actual: tf.getBackend(),
    });
  }
  member.own.set(values);
  return tensorOf(member.mean(x.size), x.shape);
}

/**
 * The mean of `x` over the members of a group, differentiable: y = (1/K) Σₖ xₖ.
 *
 * Each member descends on its own loss and the gradients are averaged at the end, so that the gradient with respect to xₖ is
 * again the mean over the members: of dLₖ/dy. Blocks until every member has called it.
 *
 * @param x of the same shape in every member
 */
export function meanOverGroup(member: AllReduceMember, x: tf.Tensor): tf.Tensor {
  const op = tf.customGrad((input) => ({
    value: exchanged(member, input as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => exchanged(member, dy),
  }));
  return op(x);
}

/** Results of {@link syncBatchNorm}, owned by the caller. */
export type SyncBatchNormResult = {
  /** As `x`. */
  normalized: tf.Tensor;
  /** [C] over all members. */
  mean: tf.Tensor;
  /** [C] over all members, biased. */
  variance: tf.Tensor;
};

/**
 * Batch normalisation in training with the statistics of all members' parts of a batch together:
 * y = γ·(x − μ)/√(σ² + ε) + β, μ and σ² over the batches of the whole group. Parts of equal size together give what one
 * batch of all of them gives.
 *
 * @param x [B, …, C]
 * @param options.gamma [C], default ones
 * @param options.beta [C], default zeros
 * @throws ConfigError on a backend whose memory the thread cannot see (others than wasm and cpu)
 */
export function syncBatchNorm(
  x: tf.Tensor,
  options: { member: AllReduceMember; gamma?: tf.Tensor; beta?: tf.Tensor; epsilon: number },
): SyncBatchNormResult {
  const { member, epsilon } = options;
  return tf.tidy(() => {
    const axes = Array.from({ length: x.rank - 1 }, (_, axis) => axis);
    const channels = x.shape[x.rank - 1]!;
    const mean = meanOverGroup(member, tf.mean(x, axes)) as tf.Tensor1D;
    const variance = meanOverGroup(member, tf.mean(tf.square(tf.sub(x, mean)), axes)) as tf.Tensor1D;
    const gamma = (options.gamma ?? tf.ones([channels])) as tf.Tensor1D;
    const beta = (options.beta ?? tf.zeros([channels])) as tf.Tensor1D;
    return { normalized: tf.batchNorm(x, mean, variance, beta, gamma, epsilon), mean, variance };
  });
}
