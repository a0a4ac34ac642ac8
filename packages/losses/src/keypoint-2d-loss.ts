import * as tf from '@tensorflow/tfjs-core';
import { assertShape, ConfigError } from '@opposable/tensor-checks';
import { keepWhere } from './valid-samples.js';

export interface Keypoint2dInputs {
  /** [B, K, 2] pixels, x then y. */
  predicted: tf.Tensor;
  /** [B, K, 2] pixels; any value, also NaN, where the keypoint is not visible. */
  target: tf.Tensor;
  /** [B, K]; only keypoints with exactly 1 count. */
  visibility: tf.Tensor;
}

/** How the difference d of one coordinate counts: |d|, d², or √(d² + ε²) − ε. */
export type CoordinatePenalty = 'l1' | 'l2' | 'charbonnier';

export interface Keypoint2dOptions {
  /** Default `'l1'`, as in 3dhand. */
  penalty?: CoordinatePenalty;
  /** ε of `'charbonnier'` in pixels, default 1. */
  epsilon?: number;
}

const PENALTIES: Record<CoordinatePenalty, (difference: tf.Tensor, epsilon: number) => tf.Tensor> = {
  // |d| with the gradient 0 at d = 0; that of tf.abs is −1 there.
  l1: (d) => tf.mul(d, tf.sign(d)),
  l2: (d) => tf.square(d),
  charbonnier: (d, epsilon) => tf.sub(tf.sqrt(tf.add(tf.square(d), epsilon ** 2)), epsilon),
};

/**
 * Mean penalty of the 2D keypoint coordinates that are visible.
 *
 * L = Σ ρ(x̂ − x) / (2 · number of keypoints with v = 1 in the batch), 0 if there are none; ρ(d) = |d| by default.
 *
 * @param inputs predicted [B, K, 2], target [B, K, 2], visibility [B, K]
 * @returns scalar in pixels (squared pixels for `'l2'`)
 * @throws ShapeError if a shape does not fit; ConfigError for an unknown penalty or an ε that is not positive
 */
export function keypoint2dLoss(inputs: Keypoint2dInputs, options: Keypoint2dOptions = {}): tf.Scalar {
  const { predicted, target, visibility } = inputs;
  const { penalty = 'l1', epsilon = 1 } = options;
  if (!Object.hasOwn(PENALTIES, penalty) || !(epsilon > 0)) {
    throw new ConfigError(
      `keypoint2dLoss: expected penalty l1, l2 or charbonnier and epsilon > 0, got ${String(penalty)} and ${epsilon}.`,
      { expected: { penalty: Object.keys(PENALTIES), epsilon: '> 0' }, actual: { penalty, epsilon } },
    );
  }
  const sizes = assertShape(predicted, ['B', 'K', 2], 'keypoint2dLoss', 'predicted');
  assertShape(target, ['B', 'K', 2], 'keypoint2dLoss', 'target', sizes);
  assertShape(visibility, ['B', 'K'], 'keypoint2dLoss', 'visibility', sizes);
  return tf.tidy(() => {
    const visible = tf.equal(tf.cast(visibility, 'float32'), 1); // [B, K]
    const difference = tf.sub(keepWhere(visible, predicted, 0), keepWhere(visible, target, 0));
    const total = tf.sum(PENALTIES[penalty](difference, epsilon));
    const coordinates = tf.mul(tf.sum(tf.cast(visible, 'float32')), 2);
    return tf.div<tf.Scalar>(total, tf.maximum(coordinates, 1));
  });
}
