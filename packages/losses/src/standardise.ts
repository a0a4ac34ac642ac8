import * as tf from '@tensorflow/tfjs-core';
import { stopGradient } from './stop-gradient.js';

export interface StandardiseOptions {
  /** One standard deviation per axis, or one for all values of a sample. */
  deviation: 'per-axis' | 'scalar';
  /** Smaller standard deviations count as this, in the unit of the points. */
  minimumDeviation: number;
  /** Whether mean and standard deviation count as constants. */
  detached: boolean;
}

/** (x − mean)/max(std, minimum) of [B, K, 3] over the points of each sample, std with N − 1; gradient finite at std 0. */
export function standardise(points: tf.Tensor, options: StandardiseOptions): tf.Tensor {
  const { deviation, minimumDeviation, detached } = options;
  const constant = detached ? stopGradient<tf.Tensor> : (x: tf.Tensor) => x;
  const count = points.shape[1]!;
  // Offsets to one point, a constant shift, are small numbers that float32 averages exactly enough.
  const offsets = tf.sub(points, stopGradient(tf.slice(points, [0, 0, 0], [-1, 1, -1])));
  const mean = tf.mean(offsets, 1, true);
  const centred = tf.sub(offsets, constant(mean));
  const squares = constant(tf.square(tf.sub(offsets, mean)));
  const variance =
    deviation === 'per-axis'
      ? tf.div(tf.sum(squares, 1, true), count - 1) // [B, 1, 3]
      : tf.div(tf.sum(squares, [1, 2], true), 3 * count - 1); // [B, 1, 1]
  return tf.div(centred, tf.sqrt(tf.maximum(variance, Math.max(minimumDeviation, 1e-12) ** 2)));
}
