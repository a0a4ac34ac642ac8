// Value and gradient are written out: the tape would keep four tensors of the maps' size and pass over them eleven times.
import * as tf from '@tensorflow/tfjs-core';
import { checkHeatmaps, type HeatmapLossInputs, mapWeights, weightedSum, whereCounted } from './heatmap-inputs.js';

/** Added above and below, so that two empty maps agree. */
const SMOOTHING = 1e-6;

/**
 * One minus the soft intersection over union of predicted and true heat maps.
 *
 *     I = Σ y·ŷ,   U = Σ y² + Σ ŷ² − I,   L = 1 − mean over maps of (I + 10⁻⁶)/(U + 10⁻⁶)
 *
 * The sums run over the cells of one map. For an empty true map the ratio is near 0 unless the prediction is empty to the last
 * cell, and its gradient is tiny: add another loss where the network shall learn silence.
 *
 * @param inputs predicted and target [B, H, W, K], valid [B, K]
 * @returns scalar in [0, 1]; 0 if no map counts
 * @throws ShapeError if a shape does not fit
 * @see O. Chernytska, 2D-Hand-Pose-Estimation-RGB
 */
export function heatmapIouLoss(inputs: HeatmapLossInputs): tf.Scalar {
  checkHeatmaps(inputs, 'heatmapIouLoss');
  const { target } = inputs;
  return tf.tidy(() => {
    const loss = tf.customGrad((predicted, save) => {
      const maps = predicted as tf.Tensor;
      const weights = mapWeights(inputs);
      const overlap = tf.sum(tf.mul(maps, target), [1, 2], true); // [B, 1, 1, K]
      const squares = tf.add(tf.sum(tf.square(maps), [1, 2], true), tf.sum(tf.square(target), [1, 2], true));
      const perUnion = tf.reciprocal(tf.add(tf.sub(squares, overlap), SMOOTHING));
      const ratio = tf.mul(tf.add(overlap, SMOOTHING), perUnion);
      // ∂ratio/∂ŷ = (y·(1 + ratio) − 2·ratio·ŷ)/(U + 10⁻⁶)
      const scale = whereCounted(weights, tf.mul(perUnion, weights));
      const bounded = whereCounted(weights, ratio);
      const [ofTarget, ofMaps] = [tf.mul(scale, tf.add(bounded, 1)), tf.mul(scale, tf.mul(bounded, 2))];
      (save as tf.GradSaveFunc)([maps, ofTarget, ofMaps]);
      const gradFunc = (dy: tf.Tensor, [p, a, b]: tf.Tensor[]): tf.Tensor =>
        tf.sub(tf.mul(p!, tf.mul(b!, dy)), tf.mul(target, tf.mul(a!, dy)));
      return { value: weightedSum(tf.sub(1, ratio), weights), gradFunc: gradFunc };
    });
    return loss(inputs.predicted);
  });
}
