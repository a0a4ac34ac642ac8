import * as tf from '@tensorflow/tfjs-core';
import { assertShape, ConfigError } from '@opposable/tensor-checks';

/** Columns start … end − 1 of a parameter vector, and how much their error weighs. */
export interface LossBlock {
  start: number;
  end: number;
  weight: number;
}

export interface BlockMse {
  /** Σ weight · term. */
  total: tf.Scalar;
  /** [number of blocks], the mean squared error of each block, not weighted, in the order of the blocks. */
  terms: tf.Tensor1D;
}

/**
 * Weighted sum of the mean squared errors of blocks of a parameter vector: the loss of pretraining.
 *
 * total = Σ_k w_k · mean over the batch and columns start_k … end_k − 1 of (x̂ − x)². Columns of no block do not count.
 *
 * @param predicted [B, N]
 * @param target [B, N]
 * @param blocks at least one, each with 0 <= start < end <= N
 * @returns the caller disposes both tensors
 * @throws ShapeError if a shape does not fit; ConfigError if a block is empty or leaves the vector
 *
 * @example
 * // the 22 numbers scale 1, translation 2, rotation 3, pose 6, shape 10 with the weights of 3dhand's pretraining
 * const blocks = [
 *   { start: 0, end: 1, weight: 0.1 },
 *   { start: 1, end: 3, weight: 0.2 },
 *   { start: 3, end: 6, weight: 5000 },
 *   { start: 6, end: 12, weight: 1000 },
 *   { start: 12, end: 22, weight: 1e5 },
 * ];
 * const { total, terms } = blockMse(predicted, target, blocks);
 */
export function blockMse(predicted: tf.Tensor, target: tf.Tensor, blocks: readonly LossBlock[]): BlockMse {
  const sizes = assertShape(predicted, ['B', 'N'], 'blockMse', 'predicted');
  assertShape(target, ['B', 'N'], 'blockMse', 'target', sizes);
  const width = sizes['N']!;
  for (const { start, end } of blocks) {
    const fits = Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end && end <= width;
    if (!fits) {
      throw new ConfigError(`blockMse: expected blocks with 0 <= start < end <= ${width}, got ${start} to ${end}.`, {
        expected: [0, width],
        actual: [start, end],
      });
    }
  }
  if (blocks.length === 0) throw new ConfigError('blockMse: expected at least one block, got none.');
  return tf.tidy(() => {
    const averaging = new Float32Array(width * blocks.length);
    blocks.forEach(({ start, end }, k) => {
      for (let i = start; i < end; i++) averaging[i * blocks.length + k] = 1 / (end - start);
    });
    const perColumn = tf.mean(tf.square(tf.sub(predicted, target)), 0, true); // [1, N]
    const terms = tf.reshape<tf.Rank.R1>(tf.matMul(perColumn, tf.tensor2d(averaging, [width, blocks.length])), [-1]);
    const weights = blocks.map(({ weight }) => weight);
    return { total: tf.sum<tf.Scalar>(tf.mul(terms, weights)), terms };
  });
}
