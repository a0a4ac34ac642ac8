import * as tf from '@tensorflow/tfjs-core';
import { batchNormTraining, type BatchNormTrainingOptions } from '../ops/batch-norm-training.js';
import { hasKernel, runKernel } from '../ops/registered-kernel.js';
import { BATCH_NORM } from '../training-kernels/batch-norm.js';
import { RUNNING_AVERAGE } from '../training-kernels/running-average.js';
import { type LayerCall, type LayerVariable, onlyOne } from './layer.js';

/** What is used of a `BatchNormalization` of tfjs-layers, which this package does not import. */
export interface BatchNormalizationLayer {
  readonly axis: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly gamma?: LayerVariable | null;
  readonly beta?: LayerVariable | null;
  readonly movingMean: LayerVariable;
  readonly movingVariance: LayerVariable;
}

const fused = new WeakSet<object>();

/** Moves a running average towards a value. */
function follow(variable: LayerVariable, value: tf.Tensor, momentum: number): void {
  tf.tidy(() => {
    const average = variable.read();
    const fused = hasKernel(RUNNING_AVERAGE);
    variable.write(
      fused
        ? runKernel<tf.Tensor>(RUNNING_AVERAGE, { average, value }, { momentum })
        : tf.sub(average, tf.mul(tf.sub(average, value), 1 - momentum)),
    );
  });
}

/** What the layer does in training, with an activation and an addition before it if asked for: results and running averages. */
export function normalizeInTraining(
  layer: BatchNormalizationLayer,
  x: tf.Tensor,
  next: Pick<BatchNormTrainingOptions, 'activation' | 'residual'> = {},
): tf.Tensor {
  return tf.tidy(() => {
    const channels = x.shape[x.rank - 1]!;
    const scale = layer.gamma?.read() ?? tf.ones([channels]);
    const offset = layer.beta?.read() ?? tf.zeros([channels]);
    const { y, mean, variance } = batchNormTraining(x, scale, offset, { epsilon: layer.epsilon, ...next });
    follow(layer.movingMean, mean, layer.momentum);
    follow(layer.movingVariance, variance, layer.momentum);
    return y;
  });
}

/**
 * Lets the `BatchNormalization` layer of tfjs-layers, if it is loaded, take the fused kernels in training over the last axis,
 * instead of a dozen operations forward and backward; elsewhere it does what it did. The class is found where tfjs-layers
 * registers it for loading models.
 */
export function fuseBatchNormalization(): void {
  const entry = tf.serialization.SerializationMap.getMap().classNameMap['BatchNormalization'];
  if (entry === undefined) return;
  const prototype = entry[0].prototype as { call: LayerCall };
  if (fused.has(prototype)) return;
  fused.add(prototype);
  const composed = prototype.call;
  prototype.call = function (this: BatchNormalizationLayer, inputs, kwargs) {
    const x = onlyOne(inputs);
    const last = this.axis === -1 || this.axis === x.rank - 1;
    if (!kwargs?.['training'] || !last || !hasKernel(BATCH_NORM)) return composed.call(this, inputs, kwargs);
    return normalizeInTraining(this, x);
  };
}
