import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import {
  heatmapAdaptiveWingLoss,
  heatmapExpectationLoss,
  heatmapIouLoss,
  type HeatmapLossInputs,
  heatmapMseLoss,
} from '@opposable/losses';
import type { HeatmapBatch } from './heatmap-batches.js';
import type { HeatmapLossWeights } from './types.js';

const TERMS: Readonly<Record<keyof HeatmapLossWeights, (inputs: HeatmapLossInputs) => tf.Scalar>> = {
  iou: heatmapIouLoss,
  mse: heatmapMseLoss,
  adaptiveWing: heatmapAdaptiveWingLoss,
  expectation: heatmapExpectationLoss,
};

/** Weighted sum of the losses whose weight is above 0, and each unweighted. */
export function heatmapLoss(
  model: LayersModel,
  batch: HeatmapBatch,
  weights: HeatmapLossWeights,
  training: boolean,
): { total: tf.Scalar; terms: Record<string, tf.Scalar> } {
  const predicted = model.apply(batch.images, { training }) as tf.Tensor4D;
  const inputs = { predicted, target: batch.maps, valid: batch.valid };
  const terms: Record<string, tf.Scalar> = {};
  let total: tf.Scalar | undefined;
  for (const [name, term] of Object.entries(TERMS) as [keyof HeatmapLossWeights, (typeof TERMS)['iou']][]) {
    const weight = weights[name] ?? 0;
    if (!(weight > 0)) continue;
    terms[name] = term(inputs);
    const weighted = tf.mul<tf.Scalar>(terms[name], weight);
    total = total === undefined ? weighted : tf.add(total, weighted);
  }
  return { total: total!, terms };
}
