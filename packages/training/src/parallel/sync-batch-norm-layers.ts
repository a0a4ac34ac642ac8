import * as tf from '@tensorflow/tfjs-core';
import type { AllReduceMember } from './all-reduce.js';
import { syncBatchNorm } from './sync-batch-norm.js';

interface LayerVariable {
  read(): tf.Tensor;
  write(value: tf.Tensor): unknown;
}

/** What is used of a `BatchNormalization` of `@tensorflow/tfjs-layers`, which this package does not import. */
interface BatchNormalizationLayer {
  getClassName(): string;
  readonly axis: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly gamma?: LayerVariable;
  readonly beta?: LayerVariable;
  readonly movingMean: LayerVariable;
  readonly movingVariance: LayerVariable;
  call(inputs: tf.Tensor | tf.Tensor[], kwargs: Record<string, unknown>): tf.Tensor | tf.Tensor[];
}

/** A model with layers, as a `LayersModel`. */
export interface ModelWithLayers {
  readonly layers: readonly { getClassName(): string }[];
}

function isBatchNormalization(layer: { getClassName(): string }): layer is BatchNormalizationLayer {
  return layer.getClassName() === 'BatchNormalization';
}

function follow(variable: LayerVariable, value: tf.Tensor, momentum: number): void {
  tf.tidy(() => void variable.write(tf.add(tf.mul(variable.read(), momentum), tf.mul(value, 1 - momentum))));
}

/**
 * Makes the `BatchNormalization` layers of a model take the statistics of the whole group in training. Layers over another
 * axis than the last stay as they are.
 *
 * @param member the group at the time of a call; where it gives none the layers do what they did before
 * @returns how many layers were changed
 */
export function syncBatchNormLayers(model: ModelWithLayers, member: () => AllReduceMember | undefined): number {
  const layers = model.layers.filter(isBatchNormalization);
  let changed = 0;
  for (const layer of layers) {
    const alone = layer.call.bind(layer);
    layer.call = (inputs, kwargs) => {
      const group = member();
      const x = Array.isArray(inputs) ? inputs[0]! : inputs;
      const last = layer.axis === -1 || layer.axis === x.rank - 1;
      if (group === undefined || kwargs['training'] !== true || !last) return alone(inputs, kwargs);
      return tf.tidy(() => {
        const { epsilon, momentum } = layer;
        const [gamma, beta] = [layer.gamma?.read(), layer.beta?.read()];
        const parameters = { ...(gamma ? { gamma } : {}), ...(beta ? { beta } : {}) };
        const { normalized, mean, variance } = syncBatchNorm(x, { member: group, epsilon, ...parameters });
        follow(layer.movingMean, mean, momentum);
        follow(layer.movingVariance, variance, momentum);
        return normalized;
      });
    };
    changed++;
  }
  return changed;
}
