import * as tf from '@tensorflow/tfjs-core';
import { checkHeatmaps, type HeatmapLossInputs, mapWeights, weightedSum } from './heatmap-inputs.js';

/**
 * Mean squared difference of heat maps: L = mean over maps of Σ (ŷ − y)²/(H·W).
 *
 * @param inputs predicted and target [B, H, W, K], valid [B, K]
 * @returns scalar; 0 if no map counts
 * @throws ShapeError if a shape does not fit
 */
export function heatmapMseLoss(inputs: HeatmapLossInputs): tf.Scalar {
  checkHeatmaps(inputs, 'heatmapMseLoss');
  const { target } = inputs;
  const [, height, width] = inputs.predicted.shape as [number, number, number, number];
  return tf.tidy(() => {
    const loss = tf.customGrad((predicted, save) => {
      const weights = mapWeights(inputs);
      const difference = tf.sub(predicted as tf.Tensor, target);
      (save as tf.GradSaveFunc)([difference, tf.mul(weights, 2 / (height * width))]);
      const value = tf.div<tf.Scalar>(weightedSum(tf.square(difference), weights), height * width);
      const gradFunc = (dy: tf.Tensor, [saved, scale]: tf.Tensor[]): tf.Tensor => tf.mul(saved!, tf.mul(scale!, dy));
      return { value, gradFunc: gradFunc };
    });
    return loss(inputs.predicted);
  });
}
