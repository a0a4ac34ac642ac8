import * as tf from '@tensorflow/tfjs-core';
import { checkHeatmaps, type HeatmapLossInputs, mapWeights, weightedSum, whereCounted } from './heatmap-inputs.js';

/** Added to the sum of a map, so that an empty one has a centre: the middle of the map. */
const SMOOTHING = 1e-3;
/** True maps whose cells sum to less show no keypoint. */
const LEAST_MASS = 1e-2;

/** [1, H, W, 1] places of the cells along one axis, from the middle of the map. */
function places(height: number, width: number, axis: 'x' | 'y'): tf.Tensor4D {
  const [length, shape] = axis === 'x' ? [width, [1, 1, width, 1]] : [height, [1, height, 1, 1]];
  const along = tf.reshape(tf.range((1 - length) / 2, length / 2, 1), shape);
  return tf.add(tf.zeros([1, height, width, 1]), along);
}

/**
 * How far the centres of predicted maps are from those of the true ones, in sides of the map.
 *
 *     c = Σ ŷ·x/(Σ ŷ + 10⁻³),  c* = Σ y·x/(Σ y + 10⁻³)        x: place of a cell from the middle of the map
 *     L = mean over maps of (√(|c − c*|² + 1) − 1)/max(H, W)
 *
 * Cells count by their distance: a blob at the wrong finger costs more than one that is a cell off, which `heatmapIouLoss` does not
 * tell apart. Maps whose true one is empty do not count. Not a loss to use alone: it says nothing about a blob's form.
 *
 * @param inputs predicted and target [B, H, W, K] of values from 0 on, valid [B, K]
 * @returns scalar; 0 if no map counts
 * @throws ShapeError if a shape does not fit
 * @see A. Nibali et al., Numerical Coordinate Regression with Convolutional Neural Networks, 2018, for the expectation of a map
 */
export function heatmapExpectationLoss(inputs: HeatmapLossInputs): tf.Scalar {
  checkHeatmaps(inputs, 'heatmapExpectationLoss');
  const [, height, width] = inputs.predicted.shape as [number, number, number, number];
  const side = Math.max(height, width);
  return tf.tidy(() => {
    const target = inputs.target as tf.Tensor4D;
    const [x, y] = [places(height, width, 'x'), places(height, width, 'y')];
    const sumOf = (maps: tf.Tensor): tf.Tensor => tf.sum(maps, [1, 2], true); // [B, 1, 1, K]
    const mass = sumOf(target);
    const shows = tf.cast(tf.greater(mass, LEAST_MASS), 'float32');
    const flags = inputs.valid === undefined ? tf.onesLike(shows) : tf.reshape(inputs.valid, shows.shape);
    const valid = tf.squeeze<tf.Tensor2D>(tf.mul(tf.cast(tf.greater(tf.cast(flags, 'float32'), 0), 'float32'), shows), [1, 2]); // prettier-ignore
    const weights = mapWeights({ ...inputs, valid });
    const perMass = tf.reciprocal(tf.add(mass, SMOOTHING));
    const goal = [x, y].map((place) => tf.mul(sumOf(tf.mul(target, place)), perMass));
    const loss = tf.customGrad((predicted, save) => {
      const maps = predicted as tf.Tensor;
      const perSum = tf.reciprocal(tf.add(sumOf(maps), SMOOTHING));
      const centers = [x, y].map((place) => tf.mul(sumOf(tf.mul(maps, place)), perSum));
      const [dx, dy] = centers.map((center, i) => tf.sub(center, goal[i]!)) as [tf.Tensor, tf.Tensor];
      const far = tf.sqrt(tf.add(tf.add(tf.square(dx), tf.square(dy)), 1));
      // ∂L/∂ŷ = (Δx·(x − cx) + Δy·(y − cy))/(√(…)·(Σ ŷ + 10⁻³)·side)
      const scale = whereCounted(weights, tf.mul(tf.div(perSum, far), tf.div(weights, side)));
      const [ofX, ofY] = [dx, dy].map((d) => tf.mul(scale, whereCounted(weights, d))) as [tf.Tensor, tf.Tensor];
      const [cx, cy] = centers.map((center) => whereCounted(weights, center)) as [tf.Tensor, tf.Tensor];
      (save as tf.GradSaveFunc)([ofX, ofY, tf.add(tf.mul(ofX, cx), tf.mul(ofY, cy)), x, y]);
      const gradFunc = (upstream: tf.Tensor, [a, b, c, u, v]: tf.Tensor[]): tf.Tensor =>
        tf.mul(tf.sub(tf.add(tf.mul(u!, a!), tf.mul(v!, b!)), c!), upstream);
      return { value: weightedSum(tf.div(tf.sub(far, 1), side), weights), gradFunc: gradFunc };
    });
    return loss(inputs.predicted);
  });
}
