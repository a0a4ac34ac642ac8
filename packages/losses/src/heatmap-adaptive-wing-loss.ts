import * as tf from '@tensorflow/tfjs-core';
import { ConfigError } from '@opposable/tensor-checks';
import { checkHeatmaps, type HeatmapLossInputs, mapWeights, weightedSum } from './heatmap-inputs.js';

export interface AdaptiveWingOptions {
  /** Exponent at an empty cell; at the peak it is α − 1. Default 2.1. */
  alpha?: number;
  /** Default 14. */
  omega?: number;
  /** Default 1. */
  epsilon?: number;
  /** Difference from which the loss is linear. Default 0.5. */
  theta?: number;
  /** How much more the cells of blobs and of their neighbours count than others: their weight is 1 + this. Default 10. */
  foregroundWeight?: number;
}

/** Cells whose 3 × 3 neighbourhood reaches this count as foreground. */
const FOREGROUND = 0.2;

/**
 * Adaptive wing loss of heat maps (X. Wang, L. Bo, L. Fuxin, Adaptive Wing Loss for Robust Face Alignment via Heatmap Regression,
 * ICCV 2019): the nearer a cell is to a blob's peak, the more small differences count.
 *
 *     d = |ŷ − y|,  p = α − y
 *     l = ω·ln(1 + (d/ε)^p)                     for d < θ
 *         A·d − C                               elsewhere, with equal value and slope at θ:
 *     A = ω·p·(θ/ε)^(p−1) / (ε·(1 + (θ/ε)^p)),  C = θ·A − ω·ln(1 + (θ/ε)^p)
 *     L = mean over maps of Σ l·(1 + 10·[max of y over the 3 × 3 cells around ≥ 0.2])/(H·W)
 *
 * @param inputs predicted and target [B, H, W, K] in 0–1, valid [B, K]
 * @returns scalar; 0 if no map counts
 * @throws ShapeError if a shape does not fit; ConfigError if α ≤ 2 (the slope at a peak would be infinite) or another option is not
 *   positive
 */
export function heatmapAdaptiveWingLoss(inputs: HeatmapLossInputs, options: AdaptiveWingOptions = {}): tf.Scalar {
  const { alpha = 2.1, omega = 14, epsilon = 1, theta = 0.5, foregroundWeight = 10 } = options;
  checkHeatmaps(inputs, 'heatmapAdaptiveWingLoss');
  if (!(alpha > 2 && omega > 0 && epsilon > 0 && theta > 0 && foregroundWeight >= 0)) {
    throw new ConfigError(
      `heatmapAdaptiveWingLoss: expected alpha above 2, positive omega, epsilon and theta, and foregroundWeight of at least 0, got ${alpha}, ${omega}, ${epsilon}, ${theta} and ${foregroundWeight}.`,
      { expected: 'alpha > 2', actual: options },
    );
  }
  const [, height, width] = inputs.predicted.shape as [number, number, number, number];
  return tf.tidy(() => {
    const target = inputs.target as tf.Tensor4D;
    const perCell = 1 / (height * width);
    const reached = tf.greaterEqual(tf.maxPool(target, 3, 1, 'same'), FOREGROUND);
    const importance = tf.mul(tf.add(tf.mul(tf.cast(reached, 'float32'), foregroundWeight), 1), perCell);
    const weights = mapWeights(inputs);
    const power = tf.sub(alpha, target);
    const atTheta = tf.exp(tf.mul(power, Math.log(theta / epsilon))); // (θ/ε)^p
    const slope = tf.div(tf.mul(tf.mul(power, atTheta), omega / theta), tf.add(atTheta, 1)); // A
    const offset = tf.sub(tf.mul(slope, theta), tf.mul(tf.log1p(atTheta), omega)); // C
    const loss = tf.customGrad((predicted, save) => {
      const difference = tf.sub(predicted as tf.Tensor, target);
      const d = tf.abs(difference);
      const isCurved = tf.less(d, theta);
      const ratio = tf.maximum(tf.div(d, epsilon), 1e-12); // its logarithm is needed; the power is 0 there
      const raised = tf.exp(tf.mul(power, tf.log(ratio))); // (d/ε)^p
      const cells = tf.where(isCurved, tf.mul(tf.log1p(raised), omega), tf.sub(tf.mul(slope, d), offset));
      const curvedSlope = tf.div(
        tf.mul(tf.mul(power, raised), omega),
        tf.mul(tf.mul(ratio, epsilon), tf.add(raised, 1)),
      );
      const steepness = tf.mul(tf.where(isCurved, curvedSlope, slope), tf.mul(tf.sign(difference), importance));
      const value = weightedSum(tf.mul(cells, importance), weights);
      (save as tf.GradSaveFunc)([tf.mul(steepness, weights), weights]);
      const gradFunc = (dy: tf.Tensor, [perCell, w]: tf.Tensor[]): tf.Tensor => {
        const counted = tf.greater(tf.add(tf.zerosLike(perCell!), w!), 0);
        return tf.mul(tf.where(counted, perCell!, tf.zerosLike(perCell!)), dy);
      };
      return { value, gradFunc: gradFunc };
    });
    return loss(inputs.predicted);
  });
}
