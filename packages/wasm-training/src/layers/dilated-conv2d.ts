import * as tf from '@tensorflow/tfjs-core';
import type { LayerVariable } from './fuse-batch-normalization.js';

/** What is used of a `Conv2D` of tfjs-layers, which this package does not import. */
interface Conv2DLayer {
  readonly strides: [number, number];
  readonly padding: 'same' | 'valid' | 'causal';
  readonly dilationRate: [number, number];
  readonly dataFormat: 'channelsLast' | 'channelsFirst';
  readonly kernel: LayerVariable;
  readonly bias?: LayerVariable | null;
  readonly activation: { apply(x: tf.Tensor): tf.Tensor };
}

type Call = (inputs: tf.Tensor | tf.Tensor[], kwargs?: Record<string, unknown>) => tf.Tensor | tf.Tensor[];

const changed = new WeakSet<object>();

/**
 * Lets the `Conv2D` layer of tfjs-layers, if it is loaded, train with dilation whatever its activation. Where that is linear the
 * layer takes `tf.fused.conv2d`, whose gradient refuses dilation before any kernel is asked; on wasm it now takes `tf.conv2d`
 * while a gradient is computed. Elsewhere it does what it did.
 */
export function trainDilatedConv2D(): void {
  const entry = tf.serialization.SerializationMap.getMap().classNameMap['Conv2D'];
  if (entry === undefined) return;
  const prototype = entry[0].prototype as { call: Call };
  if (changed.has(prototype)) return;
  changed.add(prototype);
  const fused = prototype.call;
  prototype.call = function (this: Conv2DLayer, inputs, kwargs) {
    const { strides, padding, dilationRate, dataFormat, kernel, bias, activation } = this;
    const differentiates = tf.getBackend() === 'wasm' && tf.engine().state.gradientDepth > 0;
    if (!differentiates || padding === 'causal' || tf.backend_util.tupleValuesAreOne(dilationRate)) {
      return fused.call(this, inputs, kwargs);
    }
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    const first = dataFormat === 'channelsFirst';
    return tf.tidy(() => {
      const images = (first ? tf.transpose(x, [0, 2, 3, 1]) : x) as tf.Tensor4D;
      const y = tf.conv2d(images, kernel.read() as tf.Tensor4D, strides, padding, 'NHWC', dilationRate);
      const biased: tf.Tensor = bias ? tf.add(y, bias.read()) : y;
      return activation.apply(first ? tf.transpose(biased, [0, 3, 1, 2]) : biased);
    });
  };
}
