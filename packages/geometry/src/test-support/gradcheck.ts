import type * as tf from '@tensorflow/tfjs-core';
import { centralDifferences, tapeGradient, worstError } from './gradients.js';

/** Worst error of the tape's gradient of one input against central differences of the float64 host function. */
export async function gradientError(
  onTensors: (x: tf.Tensor) => tf.Tensor,
  onHost: (x: Float64Array) => ArrayLike<number>,
  x: tf.Tensor,
  weights: readonly number[],
): Promise<number> {
  const rounded = Float64Array.from(await x.data());
  return worstError(await tapeGradient(onTensors, x, weights), centralDifferences(onHost, rounded, weights));
}
