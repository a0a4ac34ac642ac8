import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensors } from './types.js';

/**
 * Scales all gradients by one factor so that their common norm is at most `maxNorm`: g ← g · min(1, maxNorm / ‖g‖).
 *
 * @returns the scaled gradients and ‖g‖ before scaling, all owned by the caller
 */
export function clipGradients(gradients: NamedTensors, maxNorm: number): { gradients: NamedTensors; norm: tf.Scalar } {
  return tf.tidy(() => {
    const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)));
    const norm = tf.sqrt(squares.length === 0 ? tf.scalar(0) : tf.addN(squares)) as tf.Scalar;
    const factor = tf.minimum(1, tf.div(maxNorm, tf.maximum(norm, 1e-30)));
    const clipped = Object.fromEntries(Object.entries(gradients).map(([name, value]) => [name, tf.mul(value, factor)]));
    return { gradients: clipped, norm };
  });
}
