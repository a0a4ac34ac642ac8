import * as tf from '@tensorflow/tfjs-core';
import { biasedConvolution, type Conv2DLayer, convolution } from './conv2d-layer.js';
import { type LayerCall, onlyOne } from './layer.js';

// Notes. ResNet-18 that sees images and heat maps, 16 of 128 px at a time: by the profile the gradient of the stem's 24 channels, which
// nobody asked for, took 338 ms; the step went from 2,417 ms to 2,217 and 2,301.

const changed = new WeakSet<object>();

/**
 * Lets the `Conv2D` layer of tfjs-layers, if it is loaded, take `tf.conv2d` while a gradient is computed on wasm. Where its activation
 * is linear it takes `tf.fused.conv2d`, whose gradient computes that of the images too, also where nobody asks for it, and refuses
 * dilation before any kernel is asked. Elsewhere it does what it did.
 */
export function trainConv2D(): void {
  const entry = tf.serialization.SerializationMap.getMap().classNameMap['Conv2D'];
  if (entry === undefined) return;
  const prototype = entry[0].prototype as { call: LayerCall };
  if (changed.has(prototype)) return;
  changed.add(prototype);
  const fused = prototype.call;
  prototype.call = function (this: Conv2DLayer, inputs, kwargs) {
    const { padding, dataFormat } = this;
    const differentiates = tf.getBackend() === 'wasm' && tf.engine().state.gradientDepth > 0;
    if (!differentiates || padding === 'causal') return fused.call(this, inputs, kwargs);
    const x = onlyOne<tf.Tensor4D>(inputs);
    if (dataFormat !== 'channelsFirst') return convolution(this, x, padding);
    return tf.tidy(() => {
      const y = biasedConvolution(this, tf.transpose(x, [0, 2, 3, 1]), padding);
      return this.activation.apply(tf.transpose(y, [0, 3, 1, 2])); // softmax is along the last axis of the layer's own format
    });
  };
}
