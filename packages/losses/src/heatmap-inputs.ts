import * as tf from '@tensorflow/tfjs-core';
import { assertShape } from '@opposable/tensor-checks';

export interface HeatmapLossInputs {
  /** [B, H, W, K] in 0–1 */
  predicted: tf.Tensor;
  /** [B, H, W, K] in 0–1; no gradient goes to it */
  target: tf.Tensor;
  /** [B, K]; maps with a flag above 0 count. Default all. */
  valid?: tf.Tensor;
}

/** @throws ShapeError if a shape does not fit */
export function checkHeatmaps({ predicted, target, valid }: HeatmapLossInputs, operation: string): void {
  const sizes = assertShape(predicted, ['B', 'H', 'W', 'K'], operation, 'predicted');
  assertShape(target, ['B', 'H', 'W', 'K'], operation, 'target', sizes);
  if (valid !== undefined) assertShape(valid, ['B', 'K'], operation, 'valid', sizes);
}

/** [B, 1, 1, K]: 1/n for each of the n maps that count, 0 for the others; all 0 if none does. */
export function mapWeights({ predicted, valid }: HeatmapLossInputs): tf.Tensor4D {
  const [batch, , , maps] = predicted.shape as [number, number, number, number];
  if (valid === undefined) return tf.fill([batch, 1, 1, maps], 1 / (batch * maps));
  const flags = tf.cast(tf.greater(tf.cast(valid, 'float32'), 0), 'float32');
  return tf.reshape(tf.div(flags, tf.maximum(tf.sum(flags), 1)), [batch, 1, 1, maps]);
}

/** Values [B, 1, 1, K] of the maps that count, 0 for the others even where theirs are not finite. */
export function whereCounted(weights: tf.Tensor4D, perMap: tf.Tensor): tf.Tensor {
  return tf.where(tf.greater(weights, 0), perMap, tf.zerosLike(perMap));
}

/** Σ weight·value over [B, H, W, K] or [B, 1, 1, K] as a scalar. */
export function weightedSum(values: tf.Tensor, weights: tf.Tensor4D): tf.Scalar {
  const perMap = values.shape[1] === 1 && values.shape[2] === 1 ? values : tf.sum(values, [1, 2], true);
  return tf.sum<tf.Scalar>(tf.mul(whereCounted(weights, perMap), weights));
}
