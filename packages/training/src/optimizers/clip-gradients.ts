import * as tf from '@tensorflow/tfjs-core';
import { hasFusedKernel, isAlone, runFusedKernel } from './fused-update.js';
import type { NamedTensors } from './types.js';

/**
 * Scales all gradients by one factor so that their common norm is at most `maxNorm`: g ← g · min(1, maxNorm / ‖g‖).
 *
 * @returns the scaled gradients and ‖g‖ before scaling, all owned by the caller
 */
export function clipGradients(gradients: NamedTensors, maxNorm: number): { gradients: NamedTensors; norm: tf.Scalar } {
  const names = Object.keys(gradients);
  const all = names.map((name) => gradients[name]!);
  if (all.length > 0 && hasFusedKernel('OpposableClipByGlobalNorm', all)) {
    const outputs = runFusedKernel('OpposableClipByGlobalNorm', { value: all }, { maxNorm });
    const scaled = Object.fromEntries(names.map((name, i) => [name, outputs[i]!]));
    return { gradients: scaled, norm: outputs[all.length] as tf.Scalar };
  }
  return tf.tidy(() => {
    const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)));
    const norm = tf.sqrt(squares.length === 0 ? tf.scalar(0) : tf.addN(squares)) as tf.Scalar;
    const factor = tf.minimum(1, tf.div(maxNorm, tf.maximum(norm, 1e-30)));
    const clipped = Object.fromEntries(Object.entries(gradients).map(([name, value]) => [name, tf.mul(value, factor)]));
    return { gradients: clipped, norm };
  });
}

/**
 * The same for gradients that the caller gives away: scaled where they lie if the backend can, else replaced and disposed.
 */
export function clipOwnedGradients(
  gradients: NamedTensors,
  maxNorm: number,
): { gradients: NamedTensors; norm: tf.Scalar } {
  const all = Object.values(gradients);
  if (all.length > 0 && hasFusedKernel('OpposableClipByGlobalNorm', all) && all.every(isAlone)) {
    const [norm] = runFusedKernel('OpposableClipByGlobalNorm', { value: all }, { maxNorm, inPlace: true });
    return { gradients, norm: norm as tf.Scalar };
  }
  try {
    return clipGradients(gradients, maxNorm);
  } finally {
    tf.dispose(all);
  }
}
