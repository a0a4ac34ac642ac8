import * as tf from '@tensorflow/tfjs-core';
import { hasFirstOrderKernel } from '../ops/registered-kernel.js';
import { BATCH_NORM_RELU } from '../training-kernels/batch-norm.js';
import { type BatchNormalizationLayer, normalizeInTraining } from './fuse-batch-normalization.js';
import { onlyOne } from './layer.js';
import { type GraphLayer, isReplaced, type ModelGraph, readGraph } from './model-graph.js';

// Notes. ResNet-18, batch 16, 128 px, one core: before, the results of normalisations and additions were written, read by the
// ReLU and kept to the end of the forward pass.

/** A normalisation that waits for the ReLU after it. */
interface Deferred {
  layer: BatchNormalizationLayer;
  x: tf.Tensor;
  residual?: tf.Tensor;
}

const deferred = new WeakMap<tf.Tensor, Deferred>();

/**
 * Joins, in training, every `BatchNormalization` layer of a model with the ReLU after it, also with an `Add` of two between them:
 * one pass forward, and neither the normalised numbers nor the sum are kept. Results stay the same up to rounding; inference, and
 * backends without the kernels, stay as they are.
 *
 * Only where the layers stand in a row, each used once, and none is an output of the model. In training the results of the joined
 * normalisations and additions do not exist: do not make them outputs of another model that you train.
 *
 * @param model a `LayersModel`; changed
 * @returns how many normalisations were joined
 */
export function fuseActivations(model: ModelGraph): number {
  const { layers, nextOf } = readGraph(model);
  let count = 0;
  for (const layer of layers) {
    if (layer.getClassName() !== 'BatchNormalization' || isReplaced(layer)) continue;
    const next = nextOf(layer);
    if (next === undefined) continue;
    const add = isAddOfTwo(next) ? next : undefined;
    const relu = add === undefined ? next : nextOf(add);
    if (relu === undefined || !isRelu(relu) || isReplaced(relu)) continue;
    defer(layer);
    if (add !== undefined) addLater(add);
    finish(relu);
    count++;
  }
  return count;
}

function isAddOfTwo(layer: GraphLayer): boolean {
  return layer.getClassName() === 'Add' && layer.inboundNodes[0]!.inboundLayers.length === 2;
}

function isRelu(layer: GraphLayer): boolean {
  const config = layer.getConfig();
  if (layer.getClassName() === 'ReLU') return config['maxValue'] === undefined || config['maxValue'] === null;
  return layer.getClassName() === 'Activation' && config['activation'] === 'relu';
}

/** The layer gives its input, for the shape, and leaves the work to the ReLU. */
function defer(graph: GraphLayer): void {
  const layer = graph as unknown as BatchNormalizationLayer;
  const call = graph.call.bind(graph);
  graph.call = (inputs, kwargs) => {
    const x = onlyOne(inputs);
    const last = layer.axis === -1 || layer.axis === x.rank - 1;
    if (!kwargs?.['training'] || !last || !hasFirstOrderKernel(BATCH_NORM_RELU)) return call(inputs, kwargs);
    const placeholder = tf.clone(x);
    deferred.set(placeholder, { layer, x });
    return placeholder;
  };
}

function addLater(add: GraphLayer): void {
  const call = add.call.bind(add);
  add.call = (inputs, kwargs) => {
    const [a, b] = inputs as [tf.Tensor, tf.Tensor];
    const [waiting, residual] = deferred.has(a) ? [deferred.get(a)!, b] : [deferred.get(b), a];
    if (waiting === undefined) return call(inputs, kwargs);
    if (!tf.util.arraysEqual(waiting.x.shape, residual.shape)) {
      return tf.tidy(() => call([normalizeInTraining(waiting.layer, waiting.x), residual], kwargs));
    }
    const placeholder = tf.clone(residual);
    deferred.set(placeholder, { ...waiting, residual });
    return placeholder;
  };
}

function finish(relu: GraphLayer): void {
  const call = relu.call.bind(relu);
  relu.call = (inputs, kwargs) => {
    const waiting = deferred.get(onlyOne(inputs));
    if (waiting === undefined) return call(inputs, kwargs);
    const { layer, x, residual } = waiting;
    return normalizeInTraining(layer, x, { activation: 'relu', ...(residual ? { residual } : {}) });
  };
}
